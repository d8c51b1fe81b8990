import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { entry } from '../../../tests/make';
import { session, show } from '../../../tests/show';
import { changeLanguage } from '../../i18n';
import { EntryLine } from './EntryLine';

it('tells an administrator the position, by which the texts are erased', async () => {
  const view = await show(<EntryLine entry={entry(1042)} />, { ...session, role: 'administrator', body: null });
  expect(await screen.findByText('No. 1042')).toBeVisible();
  await changeLanguage('ar');
  expect(await screen.findByText('رقم 1042')).toBeVisible();
  view.unmount();
  await show(<EntryLine entry={entry(1042)} />);
  expect(screen.queryByText('No. 1042')).toBeNull();
});

it('mutes an excerpt that was erased', async () => {
  await show(
    <>
      <EntryLine entry={entry(1, { data: { text: '(erased text)' } })} />
      <EntryLine entry={entry(2, { data: { text: 'Written' } })} />
    </>,
  );
  expect(await screen.findByText('(erased text)')).toHaveClass('entry-text', 'erased');
  expect(screen.getByText('Written')).not.toHaveClass('erased');
});
