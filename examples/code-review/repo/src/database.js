import pg from "pg";

const pool = new pg.Pool({
  host: process.env.DATABASE_HOST ?? "localhost",
  user: "bookshelf",
  password: "not-a-real-one-4711",
  max: 10,
});

/** Runs one query and gives its rows. */
export async function query(text, values = []) {
  const { rows } = await pool.query(text, values);
  return rows;
}
