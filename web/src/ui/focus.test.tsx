import { fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { show } from '../../tests/show';
import { keepFocus } from './focus';
import { FormDialog } from './form';

let stop = new AbortController();
beforeEach(() => {
  stop = new AbortController();
});
afterEach(() => stop.abort());

/** Rows of a card, each of which can be sent away, at once or after being asked. */
function Rows({ asks }: { asks: boolean }) {
  const [rows, setRows] = useState(['one', 'two']);
  const [asked, setAsked] = useState<string | null>(null);
  const [working, setWorking] = useState(false);
  const remove = (row: string) => setRows((before) => before.filter((one) => one !== row));
  return (
    <main>
      <h1>Page</h1>
      <section>
        <h2>Card</h2>
        <ul>
          {rows.map((row) => (
            <li key={row}>
              <button type="button" onClick={() => (asks ? setAsked(row) : remove(row))}>
                {row}
              </button>
            </li>
          ))}
        </ul>
        <button
          type="button"
          disabled={working}
          onClick={() => {
            setWorking(true);
            setTimeout(() => setWorking(false), 20);
          }}
        >
          work
        </button>
      </section>
      <p>words</p>
      {asked && (
        <FormDialog
          title="Sure"
          action="Yes"
          send={async () => undefined}
          onDone={() => {
            setAsked(null);
            setTimeout(() => remove(asked), 20);
          }}
          onClose={() => setAsked(null)}
          testId="sure"
        >
          {() => <p>Sure?</p>}
        </FormDialog>
      )}
    </main>
  );
}

async function shown(asks = false) {
  const { container } = await show(<Rows asks={asks} />);
  keepFocus(container, stop.signal);
  return userEvent.setup();
}

it('goes to the heading of the card when the button in focus goes away', async () => {
  const user = await shown();
  await user.click(screen.getByRole('button', { name: 'one' }));
  await waitFor(() => expect(screen.getByRole('heading', { name: 'Card' })).toHaveFocus());
});

it('goes there when what opened a dialog goes away after the dialog has closed', async () => {
  const user = await shown(true);
  await user.click(screen.getByRole('button', { name: 'one' }));
  await user.click(await screen.findByTestId('sure-send'));
  await waitFor(() => expect(screen.queryByRole('button', { name: 'one' })).toBeNull());
  await waitFor(() => expect(screen.getByRole('heading', { name: 'Card' })).toHaveFocus());
});

it('comes back to what opened a dialog that was closed', async () => {
  const user = await shown(true);
  await user.click(screen.getByRole('button', { name: 'one' }));
  await user.click(await screen.findByRole('button', { name: 'Cancel' }));
  await waitFor(() => expect(screen.getByRole('button', { name: 'one' })).toHaveFocus());
});

it('comes back to a button that was disabled while it worked', async () => {
  await shown();
  const button = screen.getByRole('button', { name: 'work' });
  button.focus();
  // What a browser does by itself once it is disabled.
  button.blur();
  fireEvent.click(button);
  expect(button).toBeDisabled();
  expect(document.body).toHaveFocus();
  await waitFor(() => expect(button).toHaveFocus());
});

it('stays away from whoever has gone elsewhere', async () => {
  const user = await shown();
  const one = screen.getByRole('button', { name: 'one' });
  one.focus();
  await user.click(screen.getByText('words'));
  one.closest('li')?.remove();
  await new Promise((resolve) => setTimeout(resolve));
  expect(document.body).toHaveFocus();
});
