/**
 * Which of this phone's notes the facilitator holds back, once they have been shown together.
 *
 * The page is the same for everybody: it names held notes by the beginning of the hash of their receipts. Only the
 * phone that has the receipt finds itself there, and it asks nobody. Where a browser has no hashing (a page
 * without TLS), the receipt's own page tells.
 */
const SIGN_BYTES = 8;

/** The signs of held notes on this page. */
export function heldSigns() {
  const board = document.getElementById('board');
  return board && board.dataset.held ? board.dataset.held.split(' ') : [];
}

/** The ids of those rows whose notes are held back. */
export async function heldAmong(rows) {
  const signs = heldSigns();
  const held = new Set();
  if (!signs.length || !crypto.subtle) return held;
  for (const row of rows.filter((each) => each.receipt)) {
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(row.receipt)));
    const sign = [...hash.slice(0, SIGN_BYTES)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    if (signs.includes(sign)) held.add(row.client_id);
  }
  return held;
}
