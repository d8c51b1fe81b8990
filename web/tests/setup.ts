import '@testing-library/jest-dom/vitest';
import { afterEach } from 'vitest';

// The browser of the tests has no page to scroll.
if (typeof window !== 'undefined') window.scrollTo = () => undefined;

afterEach(async () => {
  if (typeof document === 'undefined') return;
  const { cleanup } = await import('@testing-library/react');
  cleanup();
});
