// Rows that are ticked: all of a page, or with Shift all between two; the bar below says how many.
(() => {
  "use strict";
  let lastPick = null;
  const picks = () => [...document.querySelectorAll(".pick input[name]")];
  const countPicks = () => {
    const number = picks().filter((box) => box.checked).length;
    document.querySelectorAll("[data-picked]").forEach((words) => {
      words.textContent = `${number} selected`;
    });
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-pick-all]"))
      picks().forEach((box) => {
        box.checked = event.target.checked;
      });
    if (event.target.closest(".pick")) countPicks();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.matches(".pick input[name]")) return;
    const boxes = picks();
    const [from, to] = [boxes.indexOf(lastPick), boxes.indexOf(event.target)].sort((a, b) => a - b);
    if (event.shiftKey && from >= 0)
      boxes.slice(from, to).forEach((box) => {
        box.checked = event.target.checked;
      });
    lastPick = event.target;
  });
})();
