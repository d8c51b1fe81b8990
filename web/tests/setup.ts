import '@testing-library/jest-dom/vitest';
import { afterEach } from 'vitest';

// The browser of the tests has no page to scroll.
if (typeof window !== 'undefined') window.scrollTo = () => undefined;

if (typeof document !== 'undefined') {
  const { cleanup, configure } = await import('@testing-library/react');
  configure({ asyncUtilTimeout: 20_000 });
  afterEach(() => cleanup());
}
