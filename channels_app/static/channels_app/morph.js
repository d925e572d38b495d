// Change a piece of the page into its new form, touching only what differs: focus, scroll and open details stay.

const keyOf = (node) => (node.nodeType === Node.ELEMENT_NODE && node.id) || null;
const alike = (one, other) =>
  one.nodeType === other.nodeType && one.nodeName === other.nodeName && keyOf(one) === keyOf(other);

/** Make `old` like `fresh`, in place. `fresh` is used up. */
export function morph(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  if (old.nodeType !== Node.ELEMENT_NODE) {
    old.nodeValue = fresh.nodeValue;
    return;
  }
  morphAttributes(old, fresh);
  if (!old.hasAttribute("data-keep")) morphChildren(old, fresh);
}

function morphAttributes(old, fresh) {
  for (const { name } of [...old.attributes]) {
    const theReaders = name === "open" && old.nodeName === "DETAILS";
    if (!fresh.hasAttribute(name) && !theReaders) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
}

function morphChildren(old, fresh) {
  const keyed = new Map([...old.children].filter(keyOf).map((child) => [child.id, child]));
  let here = old.firstChild;
  for (const wanted of [...fresh.childNodes]) {
    const same = keyOf(wanted) ? keyed.get(wanted.id) : here && alike(here, wanted) ? here : null;
    if (!same) {
      old.insertBefore(wanted, here);
      continue;
    }
    if (same === here) here = here.nextSibling;
    else move(old, same, here);
    morph(same, wanted);
  }
  while (here) {
    const next = here.nextSibling;
    here.remove();
    here = next;
  }
}

/** Moving an element takes the focus from it, so it is given back. */
function move(parent, child, before) {
  const focused = child.contains(document.activeElement) ? document.activeElement : null;
  parent.insertBefore(child, before);
  focused?.focus({ preventScroll: true });
}
