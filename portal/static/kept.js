// What a text may hold (D1), told to the editor: what was written elsewhere stays as it is when somebody edits here.
const words = (text) => text.trim().split(/\s+/);
const INLINE = words(`abbr acronym bdi bdo big cite code del dfn font ins kbd mark q rp rt ruby s samp small span
  strike sub sup time tt u var`);
const LINES = words("caption dt figcaption summary");
const BLOCKS = words(`address article aside center colgroup dd details div dl figure footer header hgroup section
  table tbody td tfoot th thead tr`);
const ATTRIBUTES = new Set(
  words(`abbr align alt border cellpadding cellspacing cite color colspan datetime dir face
  headers height hreflang lang open reversed rowspan scope size span style summary title type valign value width`),
);

// The page's policy complains of each style and each handler that it reads, even of what is only taken apart here.
export const quiet = (html) =>
  html.replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\s(style|on[a-z]+)(?=\s*=)/gi, " data-$1"));
const attributesOf = (element) =>
  Object.fromEntries(
    [...element.attributes]
      .map(({ name, value }) => [name.replace("data-style", "style"), value])
      .filter(([name]) => ATTRIBUTES.has(name)),
  );
// The element's own attributes, beside those that the editor's package knows.
const kept = { kept: { default: {}, parseHTML: attributesOf, renderHTML: (said) => said.kept } };
const whatItIs = () => ({
  ...kept,
  tag: { default: "div", parseHTML: (element) => element.localName, rendered: false },
});
const asItWas = (tags) => ({
  addAttributes: whatItIs,
  parseHTML: () => tags.map((tag) => ({ tag })),
});

export const extensionsFrom = (parts) => {
  const { Extension, Mark, Node } = parts;
  const inline = Mark.create({
    name: "inline",
    excludes: "",
    ...asItWas(INLINE),
    renderHTML: ({ mark, HTMLAttributes }) => [mark.attrs.tag, HTMLAttributes, 0],
  });
  const element = (name, tags, how) =>
    Node.create({
      name,
      group: "block",
      ...asItWas(tags),
      renderHTML: ({ node, HTMLAttributes }) => [node.attrs.tag, HTMLAttributes, 0],
      ...how,
    });
  const empty = ({ node, HTMLAttributes }) => [node.attrs.tag, HTMLAttributes];
  const picture = {
    ...whatItIs(),
    src: {
      default: null,
      parseHTML: (image) => (/^https?:/i.test(image.getAttribute("src") ?? "") ? image.getAttribute("src") : null),
    },
  };
  return [
    parts.Document,
    parts.Text,
    parts.Paragraph,
    parts.HardBreak,
    parts.UndoRedo,
    parts.Bold,
    parts.Italic,
    parts.Heading,
    parts.Blockquote,
    parts.BulletList,
    parts.OrderedList,
    // The Tab key leads on, as everywhere on the page.
    parts.ListItem.extend({
      addKeyboardShortcuts: () => ({ Enter: ({ editor: { commands } }) => commands.splitListItem("listItem") }),
    }),
    parts.Link.configure({ autolink: false, openOnClick: false, protocols: ["mailto", "tel"] }).extend({
      addKeyboardShortcuts: () => ({}),
    }),
    Extension.create({
      name: "keptAttributes",
      addGlobalAttributes: () => [
        {
          types: words("paragraph hardBreak bold italic heading blockquote bulletList orderedList listItem link"),
          attributes: kept,
        },
      ],
    }),
    inline,
    element("line", LINES, { content: "inline*", isolating: true }),
    element("written", ["pre"], { content: "inline*", whitespace: "pre", code: true }),
    element("container", BLOCKS, { content: "block*", isolating: true }),
    element("rule", ["hr", "col"], { atom: true, renderHTML: empty }),
    element("picture", ["img", "wbr"], {
      group: "inline",
      inline: true,
      atom: true,
      renderHTML: empty,
      addAttributes: () => picture,
    }),
  ];
};

// A list as Word brings it along: paragraphs that begin with their own bullet or number.
const makeListOf = (paragraph) => {
  const bullet = paragraph.querySelector("[data-style*='mso-list:Ignore' i]");
  const tag = /[0-9a-z][.)]/i.test(bullet?.textContent ?? "") ? "ol" : "ul";
  bullet?.remove();
  const before = paragraph.previousElementSibling;
  const list =
    before?.localName === tag && before.hasAttribute("data-made") ? before : paragraph.ownerDocument.createElement(tag);
  if (list !== before) paragraph.before(list);
  list.setAttribute("data-made", "");
  const item = paragraph.ownerDocument.createElement("li");
  item.append(...paragraph.childNodes);
  list.append(item);
  paragraph.remove();
};

// Of pasted text the words stay, bold, italic, links, lists and tables; another program's style does not.
export const withoutStyle = (html) => {
  if (html.includes("data-pm-slice")) return quiet(html); // it was copied here
  const page = new DOMParser().parseFromString(quiet(html.replace(/<(style|script)\b[^]*?<\/\1>/gi, "")), "text/html");
  page.querySelectorAll("head, img:not([src^='http'])").forEach((element) => element.remove());
  page.querySelectorAll("p[class^='MsoListParagraph']").forEach(makeListOf);
  for (const element of page.body.querySelectorAll("*")) {
    const style = element.getAttribute("data-style") ?? "";
    let inside = element.localName;
    // Google Docs puts all of a text in one <b>.
    if (inside === "b" && /font-weight:\s*(normal|400)/i.test(style)) inside = "";
    if (["span", "font"].includes(inside)) {
      inside = /font-weight:\s*(bold|[6-9]00)/i.test(style)
        ? "strong"
        : /font-style:\s*italic/i.test(style)
          ? "em"
          : "";
    }
    if (inside !== element.localName) {
      const wanted = inside && page.createElement(inside);
      wanted && wanted.append(...element.childNodes);
      element.replaceWith(...(wanted ? [wanted] : element.childNodes));
      continue;
    }
    for (const { name } of [...element.attributes]) {
      if (!["href", "src", "alt", "colspan", "rowspan"].includes(name)) element.removeAttribute(name);
    }
  }
  return page.body.innerHTML;
};

// The text as it is stored: an item or a cell of one paragraph is the words alone.
export const htmlOf = (parts, { schema, state }) => {
  const box = document.createElement("div");
  box.append(parts.pm.model.DOMSerializer.fromSchema(schema).serializeFragment(state.doc.content));
  for (const paragraph of box.querySelectorAll(":is(li, dd, td, th) > p:only-of-type:first-child")) {
    if (!paragraph.attributes.length) paragraph.replaceWith(...paragraph.childNodes);
  }
  while (box.lastElementChild?.matches("p:empty")) box.lastElementChild.remove();
  return box.innerHTML;
};
