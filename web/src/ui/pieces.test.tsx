import { screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { show } from '../../tests/show';
import { ApiError } from '../api/client';
import { changeLanguage } from '../i18n';
import { errorFor, Trouble } from './pieces';

afterEach(() => changeLanguage('en'));

const taken = new ApiError({
  status: 409,
  code: 'body.name-taken',
  detail: 'The words of the platform.',
  errors: [{ pointer: '#/name', code: 'body.name-taken', detail: 'The words of the platform.' }],
});

describe('what the platform refuses', () => {
  it('is said once, beside its field too, in the language of the reader', async () => {
    await show(<Trouble error={taken} />);
    await changeLanguage('ar');
    const box = await screen.findByRole('alert');
    const sentence = errorFor(taken, 'name') ?? '';
    expect(sentence).toMatch(/\p{Script=Arabic}/u);
    expect(within(box).getAllByText(sentence)).toHaveLength(1);
    expect(within(box).getByRole('link', { name: sentence })).toHaveAttribute('href', '#field-name');
    expect(box).not.toHaveTextContent('The words of the platform.');
  });

  it('is said in the words of the platform where its code is not known here', async () => {
    const detail = 'This is newer than the page.';
    const error = new ApiError({ status: 400, code: 'plan.newer', detail, errors: [{ pointer: '#/title', code: 'text.newer', detail }] });
    await show(<Trouble error={error} />);
    expect(await screen.findAllByText(detail)).toHaveLength(2);
    expect(errorFor(error, 'title')).toBe(detail);
    expect(errorFor(error, 'name')).toBeUndefined();
  });
});
