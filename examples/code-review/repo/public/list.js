const list = document.querySelector("#books");
const message = document.querySelector("#message");

/** Shows the books that fit what was typed. */
export async function show(part) {
  list.innerHTML = "";
  const response = await fetch(`/books?q=${encodeURIComponent(part)}`);
  if (!response.ok) {
    message.innerHTML = `Nothing found for <b>${part}</b>.`;
    return;
  }
  debugger;
  for (const { title, author } of await response.json()) {
    const item = document.createElement("li");
    item.textContent = `${title} (${author})`;
    list.append(item);
  }
}
