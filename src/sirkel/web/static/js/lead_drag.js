// Grouping by dragging, as an extra on wide screens with a mouse: what is dropped presses the buttons that are there anyway.
const WIDE = matchMedia('(min-width: 56rem) and (pointer: fine)');

function offer() {
  for (const note of document.querySelectorAll('.grouping-note')) note.draggable = WIDE.matches;
}

// The button by which a note can be said to belong where it is dropped: that note's own, else its group's.
function buttonAt(element) {
  const place = element.closest?.('[data-drop]');
  if (!place) return null;
  const own = [...place.querySelectorAll('.grouping-here')].find((button) => button.value === place.dataset.drop);
  return own ?? (place.parentElement ? buttonAt(place.parentElement) : null);
}

let dragged = null;

document.addEventListener('dragstart', (event) => {
  dragged = event.target.closest?.('.grouping-note') ?? null;
  if (dragged) event.dataTransfer.setData('text/plain', '');
});
document.addEventListener('dragend', () => { dragged = null; mark(null); });

function mark(button) {
  for (const place of document.querySelectorAll('.grouping [data-over]')) place.removeAttribute('data-over');
  button?.closest('[data-drop]').setAttribute('data-over', '');
}

function target(event) {
  const button = dragged && buttonAt(event.target);
  return button && !dragged.contains(button) ? button : null;
}

document.addEventListener('dragover', (event) => {
  const button = target(event);
  if (button) event.preventDefault();
  mark(button);
});
document.addEventListener('drop', (event) => {
  const button = target(event);
  if (!button) return;
  event.preventDefault();
  const pick = dragged.querySelector('input[type=radio]');
  pick.checked = true;
  pick.form.requestSubmit(button);
});

document.addEventListener('sirkel:changed', offer);
WIDE.addEventListener('change', offer);
offer();
