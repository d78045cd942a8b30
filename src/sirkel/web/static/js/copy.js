/** <button data-copies="ID" data-done="words" hidden> copies a field or a link; it is shown where that can be done. */
for (const button of navigator.clipboard ? document.querySelectorAll('[data-copies]') : []) {
  const words = button.querySelector('span') || button;
  button.hidden = false;
  button.addEventListener('click', async () => {
    const from = document.getElementById(button.dataset.copies);
    try {
      await navigator.clipboard.writeText(from.value || from.href);
      words.textContent = button.dataset.done;
    } catch {
      getSelection().selectAllChildren(from);
    }
  });
}
