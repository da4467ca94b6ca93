// Files that are dropped on the form are sent by it. Everything works without this file.

const form = document.querySelector("form[data-drop]");
const input = form?.querySelector('input[type="file"]');

function over(event, on) {
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  form.classList.toggle("over", on);
}

if (form && input) {
  form.addEventListener("dragenter", (event) => over(event, true));
  form.addEventListener("dragover", (event) => over(event, true));
  form.addEventListener("dragleave", (event) => {
    if (!form.contains(event.relatedTarget)) over(event, false);
  });
  form.addEventListener("drop", (event) => {
    over(event, false);
    if (!event.dataTransfer?.files.length) return;
    input.files = event.dataTransfer.files;
    form.requestSubmit();
  });
  // A file that misses the form must not take the place of the page.
  for (const kind of ["dragover", "drop"]) {
    document.addEventListener(kind, (event) => event.preventDefault());
  }
}
