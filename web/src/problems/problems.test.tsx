import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, it } from 'vitest';
import { show } from '../../tests/show';
import { changeLanguage } from '../i18n';
import ar from '../i18n/locales/ar/explained.json';
import catalogue from '../i18n/locales/en/problems.json';
import { matching, problems } from './model';
import { ProblemDetails } from './ProblemPage';
import { ProblemList } from './ProblemsPage';

const codes = Object.entries(catalogue).flatMap(([noun, sentences]) => Object.keys(sentences).map((one) => `${noun}.${one}`));

it('knows every code that has a sentence, and words for every status', () => {
  expect(problems.map((one) => one.code).sort()).toEqual(codes.sort());
  const statuses = new Set(problems.flatMap((one) => one.statuses.map(String)));
  expect(Object.keys(ar.status).sort()).toEqual([...statuses].sort());
});

describe('the page of a reason', () => {
  it('says what it means and what to do, with its status', async () => {
    await show(<ProblemDetails code="plan.closed" />, null);
    expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent('Not possible now');
    expect(screen.getByTestId('problem')).toHaveTextContent('plan.closed');
    expect(screen.getByTestId('problem')).toHaveTextContent('409');
    expect(screen.getByText(catalogue.plan.closed)).toBeVisible();
    expect(screen.getByText(/Look at how things stand now/)).toBeVisible();
  });

  it('says both where it comes under two statuses', async () => {
    await show(<ProblemDetails code="body.not-found" />, null);
    expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent('The request is not right · Not found');
  });

  it('speaks the language of its reader', async () => {
    await show(<ProblemDetails code="plan.closed" />, null);
    await changeLanguage('ar');
    expect(await screen.findByText(ar.status[409].help)).toBeVisible();
  });

  it.each(['plan', 'plan.', 'toString', '__proto__', '<b>x</b>', 'plan.closed.x'])(
    'says of %s that there is no such reason',
    async (code) => {
      await show(<ProblemDetails code={code} />, null);
      expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent('There is no such reason');
      expect(screen.getByText(code)).toBeVisible();
      expect(screen.queryByText('What to do')).toBeNull();
    },
  );
});

function List() {
  const [text, setText] = useState('');
  return <ProblemList text={text} onText={setText} />;
}

describe('the list of reasons', () => {
  it('finds by words of code, status and sentence', async () => {
    const sentenceOf = () => 'Somebody waits';
    expect(matching('', sentenceOf)).toHaveLength(codes.length);
    expect(matching('PLAN.closed', sentenceOf).map((one) => one.code)).toEqual(['plan.closed']);
    expect(matching('409 somebody plan.closed', sentenceOf)).toHaveLength(1);
    expect(matching('nowhere', sentenceOf)).toEqual([]);
  });

  it('leads to the page of each', async () => {
    await show(<List />, null);
    expect(screen.getAllByTestId('problem-row')).toHaveLength(codes.length);
    await userEvent.setup().type(screen.getByTestId('problems-search'), 'evaluated superseded');
    expect(screen.getByRole('status')).toHaveTextContent('2 reasons');
    expect(screen.getByText('plan.closed').closest('a')).toHaveAttribute('href', '/problems/plan.closed');
    await userEvent.setup().type(screen.getByTestId('problems-search'), ' nowhere');
    expect(screen.getByText('No reason has these words.')).toBeVisible();
  });
});
