import optimizeLocales from '@react-aria/optimize-locales-plugin';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { budgetPlugin } from './budget.ts';

const gateway = 'http://127.0.0.1:5080';

export default defineConfig({
  plugins: [
    // The components' own words, in the languages that the dashboard speaks.
    { ...optimizeLocales.vite({ locales: ['en-US', 'fr-FR', 'es-ES', 'ru-RU', 'ar-AE', 'zh-CN'] }), enforce: 'pre' },
    react(),
    budgetPlugin({ initial: 250_000, route: 40_000 }),
  ],
  server: { proxy: { '/api': gateway, '/openapi': gateway, '/hubs': { target: gateway, ws: true } } },
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  // Nothing is measured: a test waits as long as a machine that does much else may take.
  test: {
    environment: 'jsdom',
    // A context for each file, not a process, which would take longer to begin than most files take.
    pool: 'vmThreads',
    setupFiles: ['tests/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}', 'tests/**/*.test.ts'],
    css: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
