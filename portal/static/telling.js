// What the portal tells: messages that come and go, heard by screen readers, and a sync's end in every tab, once each.
(() => {
  "use strict";
  const toastSeconds = 8;
  const toasts = () => document.getElementById("toasts");

  // Success goes away by itself, unless somebody is reading it, or nobody looks at this tab.
  const dismiss = (toast) => {
    // The progress of a run goes on watching unseen: its result must still arrive.
    if (toast.hasAttribute("data-keep")) toast.hidden = true;
    else toast.remove();
  };
  const time = (toast) => {
    let timer;
    const start = () => {
      if (document.hidden) {
        document.addEventListener("visibilitychange", start, { once: true });
        return;
      }
      timer = setTimeout(() => {
        toast.classList.add("leaving");
        setTimeout(() => toast.remove(), 300);
      }, toastSeconds * 1000);
    };
    const stop = () => clearTimeout(timer);
    const resume = () => { if (!toast.matches(":hover, :focus-within")) { stop(); start(); } };
    toast.addEventListener("mouseenter", stop);
    toast.addEventListener("focusin", stop);
    toast.addEventListener("mouseleave", resume);
    toast.addEventListener("focusout", () => setTimeout(resume));
    start();
  };
  const timeToasts = () => document.querySelectorAll(".flash[data-fades]:not([data-timed])").forEach((toast) => {
    toast.setAttribute("data-timed", "");
    time(toast);
  });
  document.addEventListener("click", (event) => {
    const toast = event.target.closest("[data-dismiss]")?.closest(".flash");
    if (toast) dismiss(toast);
  });

  // Screen readers hear a region that was there before its text; what comes with its text already in it stays unheard.
  const region = (name) => toasts().querySelector(`[data-heard="${name}"]`);
  const hear = (first) => {
    document.querySelectorAll(".flash[role]").forEach((toast) => {
      region(toast.getAttribute("role")).append(toast);
      toast.removeAttribute("role");
    });
    // How many there are is news only when it changes.
    document.querySelectorAll(".visually-hidden[role='status']:not([data-heard])").forEach((count) => {
      count.removeAttribute("role");
      if (first) return;
      region("count").textContent = count.textContent;
      count.textContent = "";
    });
  };

  // Runs that this tab follows, by the address of their progress: a page that comes after the end still tells of it.
  const key = "followed";
  const followed = () => JSON.parse(sessionStorage.getItem(key) ?? "[]");
  const keep = (addresses) => sessionStorage.setItem(key, JSON.stringify(addresses));
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("portal-runs") : null;
  const isShown = (run) => document.querySelector(`[data-progress="${CSS.escape(run)}"], [data-result="${CSS.escape(run)}"]`) !== null;
  const fetchRun = async (run) => {
    const answer = await fetch(`${run}&whole=yes`, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok || isShown(run)) return;
    const part = document.createElement("template");
    part.innerHTML = await answer.text();
    const news = [...part.content.children];
    toasts().append(part.content);
    news.forEach((element) => htmx.process(element));
    settle();
  };
  const follow = () => {
    const known = followed();
    const begun = [...document.querySelectorAll("[data-progress]")].map((element) => element.dataset.progress).filter((run) => !known.includes(run));
    const over = [...document.querySelectorAll("[data-result]")].map((element) => element.dataset.result);
    keep([...known, ...begun].filter((run) => !over.includes(run)));
    begun.forEach((run) => channel?.postMessage(run));
  };
  channel?.addEventListener("message", (event) => {
    if (!followed().includes(event.data) && !isShown(event.data)) fetchRun(event.data);
  });

  const settle = () => {
    timeToasts();
    hear(false);
    follow();
  };
  document.addEventListener("htmx:afterSettle", settle);
  document.addEventListener("toasted", settle);
  setTimeout(() => hear(true), 100); // the regions stand there by then
  timeToasts();
  const before = followed();
  follow();
  before.filter((run) => !isShown(run)).forEach(fetchRun);
})();
