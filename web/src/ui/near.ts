import { type RefObject, useEffect, useState } from 'react';

/** Pixels before and after what is on the screen within which something counts as near. */
const margin = 800;

/** Whether an element is on the screen or near to it. Where a browser cannot tell, everything is. */
export function useNear(box: RefObject<Element | null>): boolean {
  const [near, setNear] = useState(typeof IntersectionObserver === 'undefined');
  useEffect(() => {
    if (!box.current || typeof IntersectionObserver === 'undefined') return;
    const observer = new IntersectionObserver((seen) => setNear(seen.at(-1)?.isIntersecting ?? false), { rootMargin: `${margin}px` });
    observer.observe(box.current);
    return () => observer.disconnect();
  }, [box]);
  return near;
}
