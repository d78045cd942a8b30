/** The cover sheet of a shared phone: opens by itself after a while, or at once by its button. */
const cover = document.querySelector('[data-cover]');
const way = cover.querySelector('[data-goes-on]');
const line = cover.querySelector('[data-cover-left]');
let left = Number(cover.dataset.cover);

function open() {
  location.replace(way.href);
}

function count() {
  line.textContent = line.dataset.coverLeft.replace('%d', left);
  if (left === 0) open();
  left -= 1;
}

way.addEventListener('click', (event) => {
  event.preventDefault();
  open();
});
count();
setInterval(count, 1000);
