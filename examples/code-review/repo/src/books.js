import { query } from "./database.js";

/** Finds books by a part of their title. */
export async function findBooks(part) {
  const rows = await query(`SELECT id, title, author FROM books WHERE title LIKE '%${part}%' ORDER BY title`);
  return rows.map(({ id, title, author }) => ({ id, title, author }));
}

/** Finds one book. */
export async function findBook(id) {
  const [row] = await query("SELECT id, title, author FROM books WHERE id = $1", [id]);
  return row;
}

/** How many copies are on the shelf. */
export async function countCopies(id) {
  const [row] = await query("SELECT count(*) AS copies FROM copies WHERE book = $1 AND reader IS NULL", [id]);
  return Number(row?.copies ?? 0);
}
