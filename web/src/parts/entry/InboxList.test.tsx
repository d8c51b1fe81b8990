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
    const asked = new URL(call.path, 'http://here').searchParams;
    const [limit, from] = [Number(asked.get('limit')), Number(asked.get('after') ?? 0)];
    const items = Array.from({ length: Math.min(limit, held - from) }, (_, index) => ({
      position: held - from - index,
      reason: 'subscription',
      read: true,
      entry: entry(held - from - index),
      entries: 1,
    }));
    return { body: { items, next: from + limit < held ? String(from + limit) : null, unread: 0, readUpTo: held } };
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

it('says why a body hears of erased texts, and leads nowhere', async () => {
  const erasure = entry(7, {
    type: 'journal.texts-erased',
    subject: { kind: 'journal', id: 'erasures' },
    data: { count: '3', positions: '4 5 6', reason: 'A name stood in them' },
  });
  serve(() => ({
    body: { items: [{ position: 7, reason: 'erasure', read: false, entry: erasure, entries: 1 }], next: null, unread: 1, readUpTo: 0 },
  }));
  await show(<InboxList first={50} />);
  const item = await screen.findByRole('listitem');
  expect(item).toHaveTextContent('Erased texts');
  expect(item).toHaveTextContent('The texts of 3 entries were erased: A name stood in them');
  expect(item).toHaveTextContent('Journal');
  expect(screen.queryByRole('link')).toBeNull();
});

it('says how much more was given in one go', async () => {
  const items = [
    { position: 9, reason: 'request', read: false, entry: entry(9), entries: 50 },
    { position: 8, reason: 'request', read: false, entry: entry(8), entries: 1 },
  ];
  serve(() => ({ body: { items, next: null, unread: 2, readUpTo: 0 } }));
  await show(<InboxList first={50} />);
  const [batch, alone] = await screen.findAllByRole('listitem');
  expect(batch).toHaveTextContent('49 more changes');
  expect(alone).not.toHaveTextContent('more change');
});

it('shows only the newest where there is little room', async () => {
  platform();
  await show(<InboxList first={5} />);
  await waitFor(() => expect(screen.getAllByRole('listitem')).toHaveLength(5));
  expect(screen.queryByTestId('inbox-older')).toBeNull();
});
