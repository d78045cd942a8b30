// The room screen: says new steps to those who listen, and turns pages when there is more than one screen holds.
// A press on any key, or anywhere, holds the page that is shown; a second press lets them turn again.
import { announce } from './announce.js';

const TURN_MS = 12000;
const KEPT = 0.12; // of a page is seen again on the next, so that nothing is cut in two

let isHeld = false;

function pages() {
  const room = document.getElementById('stage');
  const main = room?.querySelector('main');
  if (!main) return null;
  if (innerWidth < 700) { room.removeAttribute('data-paged'); return null; }
  room.setAttribute('data-paged', '');
  const step = main.clientHeight * (1 - KEPT);
  const count = main.scrollHeight <= main.clientHeight + 2 ? 1 : Math.ceil((main.scrollHeight - main.clientHeight) / step) + 1;
  return { main, step, count };
}

function label(now, count) {
  const sign = document.getElementById('page-sign');
  if (!sign) return;
  sign.textContent = count > 1 ? sign.dataset.words.replace('%(n)s', now).replace('%(all)s', count) : '';
}

function lay(turn) {
  const found = pages();
  if (!found) { label(1, 1); return; }
  const { main, step, count } = found;
  const now = Math.min(count, Math.round(main.scrollTop / step) + 1);
  const next = turn ? (now % count) + 1 : now;
  if (turn && count > 1) main.scrollTop = (next - 1) * step;
  label(count > 1 ? next : 1, count);
}

setInterval(() => { if (!isHeld) lay(true); }, TURN_MS);
for (const name of ['keydown', 'click']) document.addEventListener(name, () => { isHeld = !isHeld; });
document.addEventListener('sirkel:changed', () => lay(false));
addEventListener('resize', () => lay(false));
lay(false);
announce();
