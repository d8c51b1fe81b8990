/** What had the focus, from the inside out; without the document's own two elements, which nothing can be found by. */
function pathOf(element: Element): Element[] {
  const path: Element[] = [];
  for (let at: Element | null = element; at && at !== document.body; at = at.parentElement) path.push(at);
  return path;
}

/** The first heading that can be seen within the nearest of the places that has one. */
function headingIn(places: readonly Element[]): HTMLElement | undefined {
  for (const place of places) {
    const headings = [...place.querySelectorAll<HTMLElement>('h1, h2, h3')];
    const heading = headings.find((one) => one.checkVisibility?.() ?? true);
    if (heading) return heading;
  }
  return undefined;
}

const isDisabled = (element: Element): boolean => element.matches(':disabled');

/**
 * Keeps the focus near where it was when that goes away, as a button does by what it did (WCAG 2.4.3): it goes to the heading of the nearest
 * thing around it that is still there, which a screen reader then says. A view that knows a better place puts it there itself, and is left alone.
 * What goes away with a dialog leads back to what was in focus before in the page.
 *
 * @param page What dialogs are not in.
 */
export function keepFocus(page: Element, signal: AbortSignal): void {
  let last: Element[] = [];
  let lastInPage: Element[] = [];
  let pointed = false;

  document.addEventListener(
    'focusin',
    ({ target }) => {
      if (!(target instanceof Element) || target === document.body) return;
      last = pathOf(target);
      if (page.contains(target)) lastInPage = last;
    },
    { signal },
  );
  document.addEventListener('keydown', () => (pointed = false), { signal, capture: true });
  document.addEventListener(
    'pointerdown',
    ({ target }) => {
      pointed = true;
      // Whoever points elsewhere has left it.
      if (target instanceof Element && !last[0]?.contains(target) && page.contains(target)) last = lastInPage = [];
    },
    { signal, capture: true },
  );

  const observer = new MutationObserver((changes) => {
    const [had] = last;
    if (!had || (document.activeElement && document.activeElement !== document.body)) return;
    // A browser takes the focus from what is disabled, as a button is while it works, and does not give it back.
    const isBack = had.isConnected && !isDisabled(had) && changes.some((change) => change.target === had && change.type === 'attributes');
    if (had.isConnected && !isBack) return;
    const left = [...last, ...lastInPage].filter((one) => one.isConnected);
    const [nearest] = left;
    const isItself = nearest !== undefined && (nearest === had || nearest === lastInPage[0]) && !isDisabled(nearest);
    const target = isItself ? (nearest as HTMLElement) : headingIn(left);
    if (!target) return;
    if (!isItself && !target.hasAttribute('tabindex')) target.tabIndex = -1;
    // A page does not jump under the hand of whoever points.
    target.focus({ preventScroll: pointed });
  });
  observer.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ['disabled'] });
  signal.addEventListener('abort', () => observer.disconnect());
}
