/** <button data-copies="ID" data-done="words" hidden> copies the value of a field; it is shown where that can be done. */
for (const button of navigator.clipboard ? document.querySelectorAll('[data-copies]') : []) {
  const words = button.querySelector('span') || button;
  button.hidden = false;
  button.addEventListener('click', async () => {
    const field = document.getElementById(button.dataset.copies);
    try {
      await navigator.clipboard.writeText(field.value);
      words.textContent = button.dataset.done;
    } catch {
      field.select();
    }
  });
}
