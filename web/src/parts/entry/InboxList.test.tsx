import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { entry } from '../../../tests/make';
import { serve, show } from '../../../tests/show';
import { InboxList } from './InboxList';

afterEach(() => vi.unstubAllGlobals());

const held = 130;
const platform = () =>
  serve((call) => {
    const limit = Number(new URL(call.path, 'http://here').searchParams.get('limit'));
    const items = Array.from({ length: Math.min(limit, held) }, (_, index) => ({
      position: held - index,
      reason: 'subscription',
      read: true,
      entry: entry(held - index),
    }));
    return { body: { items, next: limit < held ? 'onward' : null, unread: 0, readUpTo: held } };
  });

it('reads on to what is older, until there is nothing more', async () => {
  platform();
  await show(<InboxList first={50} onward />);
  await waitFor(() => expect(screen.getAllByRole('listitem')).toHaveLength(50));
  const user = userEvent.setup();
  await user.click(screen.getByTestId('inbox-older'));
  await waitFor(() => expect(screen.getAllByRole('listitem')).toHaveLength(100));
  await user.click(screen.getByTestId('inbox-older'));
  await waitFor(() => expect(screen.getAllByRole('listitem')).toHaveLength(held));
  expect(screen.queryByTestId('inbox-older')).toBeNull();
});

it('shows only the newest where there is little room', async () => {
  platform();
  await show(<InboxList first={5} />);
  await waitFor(() => expect(screen.getAllByRole('listitem')).toHaveLength(5));
  expect(screen.queryByTestId('inbox-older')).toBeNull();
});
