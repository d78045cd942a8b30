/** <button data-prints> opens the browser's own print dialog. */
for (const button of document.querySelectorAll('[data-prints]')) {
  button.addEventListener('click', () => window.print());
}
