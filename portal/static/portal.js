// What the pages gain with JavaScript; each of them works without it.
(() => {
  "use strict";
  // What only scripts can do: moments in the reader's own time zone, and buttons that are nothing without them.
  const settle = () => {
    document
      .querySelectorAll("[data-reveal][hidden], [data-copy][hidden], [data-pick-all][hidden], [data-fills][hidden]")
      .forEach((button) => {
        button.hidden = false;
      });
    document.querySelectorAll("input[data-zone]").forEach((field) => {
      field.value = Intl.DateTimeFormat().resolvedOptions().timeZone;
    });
    document.querySelectorAll("time[data-moment]").forEach((element) => {
      const format = {
        day: "numeric",
        month: "long",
        year: "numeric",
        hour: "2-digit",
        minute: "2-digit",
        timeZoneName: "short",
      };
      if (element.dataset.moment === "weekday") format.weekday = "long";
      element.textContent = new Intl.DateTimeFormat("en-GB", format)
        .format(new Date(element.dateTime))
        .replace(" at ", ", ");
      element.removeAttribute("data-moment");
    });
  };
  document.addEventListener("htmx:afterSettle", settle);
  settle();

  // htmx knows only the buttons inside a form; Next and Done stand in the window's foot.
  document.addEventListener(
    "submit",
    (event) => {
      event.target.querySelector("[data-pressed]")?.remove();
      const button = event.submitter;
      if (!button?.name || event.target.contains(button)) return;
      const pressed = document.createElement("input");
      Object.assign(pressed, { type: "hidden", name: button.name, value: button.value });
      pressed.setAttribute("data-pressed", "");
      event.target.append(pressed);
    },
    true,
  );

  // An address says what is looked for, and nothing of what is not.
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    const sent = detail.elt.matches("form[role='search']") ? detail.parameters : {};
    Object.keys(sent).forEach((name) => {
      if (sent[name] === "") delete sent[name];
    });
  });

  // A headshot that its server no longer has leaves no broken picture.
  const hideBroken = (image) => {
    image.hidden = true;
  };
  document.addEventListener(
    "error",
    (event) => {
      if (event.target.matches?.("img.portrait")) hideBroken(event.target);
    },
    true,
  );
  document.querySelectorAll("img.portrait").forEach((image) => {
    if (image.complete && !image.naturalWidth) hideBroken(image);
  });

  // A narrow screen has the navigation in one row: where one is stands in sight.
  const row = document.querySelector(".side .links");
  const here = row?.querySelector("[aria-current]");
  if (here) row.scrollLeft = here.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
})();
