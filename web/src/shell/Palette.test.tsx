import { screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { serve, show } from '../../tests/show';
import { Palette } from './Palette';

afterEach(() => vi.unstubAllGlobals());

it('takes no more letters than the platform searches by', async () => {
  serve(() => ({ body: { items: [], next: null, total: 0 } }));
  await show(<Palette onClose={() => {}} />);
  expect(await screen.findByTestId('palette-input')).toHaveAttribute('maxlength', '200');
});
