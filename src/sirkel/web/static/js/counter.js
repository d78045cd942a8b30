/**
 * Count softly: <textarea data-counts="200" aria-describedby="… id-count"> with
 * <p class="counter" id="…-count" data-left="{n} characters left" data-over-text="{n} too many">.
 *
 * The count is said politely, and only once the writer has paused, so that it never talks over
 * the typing. Nothing is cut and nothing is stopped: the server says what is too long.
 */
const PAUSE_MS = 800;
const waiting = new WeakMap();

function characters(text) {
  return [...text].length;
}

function show(area) {
  const counter = document.getElementById(`${area.id}-count`);
  if (!counter) return;
  const left = Number(area.dataset.counts) - characters(area.value);
  counter.toggleAttribute('data-over', left < 0);
  const words = left < 0 ? counter.dataset.overText : counter.dataset.left;
  counter.textContent = words.replace('{n}', String(Math.abs(left)));
  clearTimeout(waiting.get(area));
  waiting.set(
    area,
    setTimeout(() => {
      const said = document.getElementById(`${area.id}-said`);
      if (said && left <= 20) said.textContent = counter.textContent;
    }, PAUSE_MS),
  );
}

document.addEventListener('input', (event) => {
  if (event.target.matches?.('textarea[data-counts]')) show(event.target);
});
for (const area of document.querySelectorAll('textarea[data-counts]')) show(area);
