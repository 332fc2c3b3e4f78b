// Answers that nobody planned for: a proxy’s error page must not land inside the page, silence must not stay silent.
(() => {
  "use strict";
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, requestConfig } = event.detail;
    if (xhr.status < 400 || xhr.status === 422) return;
    if (xhr.getResponseHeader("HX-Retarget")) return tellWhetherBegun(requestConfig); // it says itself what went wrong
    event.detail.shouldSwap = false;
    if (!xhr.getResponseHeader("HX-Redirect")) tellFailure(event.detail, "failed", xhr.status);
  });
  document.addEventListener("htmx:sendError", (event) => tellFailure(event.detail, "unreachable"));
  document.addEventListener("htmx:timeout", (event) => tellFailure(event.detail, "unreachable"));
  // A poll is silent: it asks again by itself. Whether a sync began is looked up (E2b).
  const tellFailure = ({ requestConfig }, name, status) => {
    const { elt, verb } = requestConfig;
    if (elt.getAttribute("hx-trigger")?.startsWith("every")) return;
    const toast = document.getElementById(name).content.cloneNode(true);
    const place = toast.querySelector("[data-status]");
    if (place) place.textContent = status;
    const asked = verb === "post";
    toast.querySelector("[data-of-change]").hidden = !asked;
    document.getElementById("toasts").append(toast);
    document.dispatchEvent(new CustomEvent("toasted"));
    tellWhetherBegun(requestConfig);
  };
  const tellWhetherBegun = ({ elt, verb }) => {
    if (verb === "post" && elt.hasAttribute("data-starts-sync")) lookForSync(elt);
  };
  const lookForSync = async (form) => {
    const words = await fetch(form.dataset.startsSync, { headers: { "HX-Request": "true" } }).then(
      (answer) => (answer.ok ? answer.text() : null),
      () => null,
    );
    const [toast, head] = [document.createElement("template"), document.createElement("template")];
    head.innerHTML = words ?? "";
    const newest = (place) => place.querySelector("[data-newest-run]")?.dataset.newestRun;
    const began = newest(head.content) !== newest(document); // a quick one is over by now
    toast.innerHTML = document.getElementById(
      words === null ? "sync-unknown" : began ? "sync-began" : "sync-not-begun",
    ).innerHTML;
    document.getElementById("toasts").append(toast.content);
    document.dispatchEvent(new CustomEvent("toasted"));
    if (began) document.body.dispatchEvent(new CustomEvent("runChanged"));
  };
})();
