import { createServer } from "node:http";
import { newSession, sessionOf } from "./auth.js";
import { findBooks } from "./books.js";
import { lateFee } from "./pricing.js";

const port = Number(process.env.PORT ?? 8080);

/** Answers `/books?q=…`, `/fee?days=…` and `/login`. */
const server = createServer(async (request, response) => {
  const url = new URL(request.url, "http://localhost");
  try {
    if (url.pathname === "/books") {
      respond(response, 200, await findBooks(url.searchParams.get("q") ?? ""));
    } else if (url.pathname === "/fee") {
      const days = Number(url.searchParams.get("days"));
      respond(response, 200, { fee: lateFee(days) });
    } else if (url.pathname === "/login" && request.method === "POST") {
      respond(response, 200, newSession(url.searchParams.get("reader")));
    } else if (sessionOf(request) === undefined) {
      respond(response, 401, { error: "Please log in." });
    } else {
      respond(response, 404, { error: "There is no such page." });
    }
  } catch (error) {
    console.error(error);
    respond(response, 500, { error: "Something went wrong." });
  }
});

function respond(response, status, body) {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

server.listen(port, () => console.log(`Bookshelf listens on ${port}`));
