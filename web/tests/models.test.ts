import { describe, expect, it } from 'vitest';
import type { BodyView, GroupView, UpdateView } from '../src/api/types';
import { needs } from '../src/desk/model';
import { currentTerm, hereNow, threads } from '../src/groups/model';
import { changeLanguage, startI18n } from '../src/i18n';
import { intlLocale } from '../src/i18n/locale';
import { about, mergeNewestFirst, sentence, targetOf } from '../src/parts/entry/model';
import { hrefOf } from '../src/parts/list/model';
import { milestonesShown } from '../src/parts/milestone/lists';
import { dueWord, emptyReport, evidenceOf, reportBody, seenVersion, shownProgress, slip, webAddress } from '../src/parts/milestone/model';
import { ageInDays, clockOf, leadingVerb, orderedVerbs, verbBody, verbReady } from '../src/parts/request/model';
import { lanes, layout, linesOf, move } from '../src/parts/timeline/model';
import { countShown, csvHead, csvRows, milestoneShows, nextStatuses, showsMilestone } from '../src/plans/model';
import { subscribedTo, worst } from '../src/regions/model';
import { missing, proposedDate, type RequestForm, requestBody } from '../src/requests/model';
import { isOutside, safeNext, sortAccounts } from '../src/session/model';
import { find } from '../src/shell/palette';
import { oneOf, text, yes } from '../src/shell/search';
import { csv, csvField } from '../src/ui/csv';
import { addDays, daysBetween, formatAgo, formatDay, formatPartial, today } from '../src/ui/dates';
import { shownStatus } from '../src/ui/status';
import { classCounts, classOf, statesOnMap } from '../src/world/model';
import { entry, measure, milestone, planView, report, request } from './make';

const counts = { total: 0, done: 0, inProgress: 0, planned: 0, atRisk: 0, late: 0, cancelled: 0 };
const body = (part: Partial<BodyView> = {}): BodyView => ({
  id: 'austria',
  kind: 'state',
  name: 'Austria',
  state: 'AUT',
  region: 'Europe',
  subregion: 'Western Europe',
  exercise: false,
  version: 1,
  status: { plans: 0, milestones: counts, openRequests: 0, online: false },
  ...part,
});

describe('days', () => {
  it('never shift, whatever the time zone', () => {
    expect(formatDay('2026-01-01', 'fr')).toBe('1 janv. 2026');
    expect(formatDay('2026-12-31', 'fr')).toBe('31 déc. 2026');
    expect(addDays('2026-03-28', 2)).toBe('2026-03-30');
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29');
    expect(daysBetween('2026-10-24', '2026-10-26')).toBe(2);
  });
  it('are the reader’s own today', () => {
    expect(today(new Date(2026, 10, 23, 23, 59))).toBe('2026-11-23');
    expect(today(new Date(2026, 0, 1, 0, 0))).toBe('2026-01-01');
  });
  it('are written no more precisely than they are known', () => {
    expect(formatPartial('2011', 'en')).toBe('2011');
    expect(formatPartial('2011-06', 'en')).toBe('Jun 2011');
  });
  it('are told from now', () => {
    const now = Date.parse('2026-11-23T12:00:00Z');
    expect(formatAgo('2026-11-23T11:57:00Z', 'en', now)).toMatch(/3 min/);
    expect(formatAgo('2026-11-22T11:00:00Z', 'en', now)).toBe('yesterday');
  });
  it('follow the reader’s variety of the language', () => {
    expect(intlLocale('en', ['fr-CH', 'en-ZA'])).toBe('en-ZA');
    expect(intlLocale('en', ['fr'])).toBe('en-GB');
    expect(intlLocale('ar', ['ar-EG'])).toBe('ar-EG-u-nu-latn');
  });
});

describe('a due date in words', () => {
  const now = '2026-11-23';
  it.each([
    [
      { due: '2026-11-14', late: true },
      { kind: 'late', days: 9 },
    ],
    // It is already tomorrow at the body, so the server says late; the reader's own calendar does not yet.
    [
      { due: '2026-11-23', late: true },
      { kind: 'late', days: 1 },
    ],
    [{ due: '2026-11-23', late: false }, { kind: 'today' }],
    [
      { due: '2026-11-24', late: false },
      { kind: 'soon', days: 1 },
    ],
    [
      { due: '2026-12-23', late: false },
      { kind: 'soon', days: 30 },
    ],
    [{ due: '2026-12-24', late: false }, { kind: 'later' }],
    [{ due: '2026-11-14', late: false, status: 'done' as const }, { kind: 'done' }],
    [{ due: '2026-11-14', late: false, status: 'cancelled' as const }, { kind: 'cancelled' }],
  ])('%o is %o', (part, word) => {
    expect(dueWord(milestone(part), now)).toEqual(word);
  });
  it('tells how far it moved', () => {
    expect(slip(milestone({ baseline: '2026-11-04', due: '2026-11-14' }))).toBe(10);
  });
});

describe('the status that is shown', () => {
  it('is late or at risk only while it is not over', () => {
    expect(shownStatus({ status: 'in-progress', late: true, atRisk: true })).toBe('late');
    expect(shownStatus({ status: 'planned', late: false, atRisk: true })).toBe('at-risk');
    expect(shownStatus({ status: 'done', late: true, atRisk: true })).toBe('done');
    expect(shownStatus({ status: 'cancelled', late: true, atRisk: false })).toBe('cancelled');
    expect(shownStatus({ status: 'planned', late: false, atRisk: false })).toBe('planned');
  });
});

describe('a report', () => {
  it('leaves out what was not filled in', () => {
    expect(reportBody({ ...emptyReport(milestone()), status: 'done' }, false)).toEqual({ status: 'done' });
    expect(reportBody({ status: 'in-progress', progress: 60, note: ' half ', evidence: 'a\n\n b ' }, true)).toEqual({
      status: 'in-progress',
      progress: 60,
      note: 'half',
      evidence: ['a', 'b'],
      draft: true,
    });
  });
  it('shows the progress that the status brings', () => {
    const form = emptyReport(milestone());
    expect(shownProgress(form, milestone())).toBe(40);
    expect(shownProgress({ ...form, status: 'done' }, milestone())).toBe(100);
    expect(shownProgress({ ...form, status: 'planned' }, milestone())).toBe(0);
    expect(shownProgress({ ...form, progress: 75 }, milestone())).toBe(75);
  });
  it('knows a web address from a reference, and no script', () => {
    expect(webAddress('https://example.org/a')).toBe('https://example.org/a');
    expect(webAddress('javascript:alert(1)')).toBeNull();
    expect(webAddress('register R-001')).toBeNull();
    expect(evidenceOf('')).toEqual([]);
  });
  it('was seen with the version of the milestone, or of the report on it when that changed later', () => {
    expect(seenVersion(milestone({ version: 5 }))).toBe(5);
    expect(seenVersion(milestone({ version: 5 }), report({ version: 9 }))).toBe(9);
    expect(seenVersion(milestone({ version: 5 }), report({ version: 3 }))).toBe(5);
  });
});

describe('requests', () => {
  it('offer what the server offers, the important first, and nothing unknown', () => {
    expect(orderedVerbs(['withdraw', 'decline', 'accept', 'burn', 'ask'])).toEqual(['accept', 'ask', 'decline', 'withdraw']);
    expect(leadingVerb(['decline', 'answer'])).toBe('answer');
    expect(leadingVerb(['decline', 'withdraw'])).toBeUndefined();
  });
  it('are not sent without what a verb needs', () => {
    const nothing = { text: ' ', date: '', ground: '' } as const;
    expect(verbReady('accept', nothing)).toBe(true);
    expect(verbReady('answer', nothing)).toBe(false);
    expect(verbReady('propose-date', nothing)).toBe(false);
    expect(verbReady('decline', nothing)).toBe(false);
    expect(verbReady('decline', { ...nothing, ground: 'no-capacity' })).toBe(true);
    expect(verbBody('decline', { text: 'sorry ', date: 'x', ground: 'other' })).toEqual({ text: 'sorry', ground: 'other' });
    expect(verbBody('propose-date', { text: '', date: '2026-12-24', ground: '' })).toEqual({ date: '2026-12-24' });
  });
  it('have a clock until they are answered', () => {
    expect(clockOf(request({ neededBy: '2026-11-20' }), '2026-11-23')).toEqual({ kind: 'late', days: 3 });
    expect(clockOf(request({ neededBy: '2026-11-23' }), '2026-11-23')).toEqual({ kind: 'today' });
    expect(clockOf(request({ neededBy: '2026-12-01' }), '2026-11-23')).toEqual({ kind: 'left', days: 8 });
    expect(clockOf(request({ status: 'confirmed' }), '2026-11-23')).toBeNull();
    expect(clockOf(request({ neededBy: null }), '2026-11-23')).toBeNull();
  });
  it('say how long they wait', () => {
    expect(ageInDays(request(), Date.parse('2026-11-23T08:00:00Z'))).toBe(10);
  });

  const form: RequestForm = {
    call: false,
    to: ['valdoria'],
    region: 'Meridia',
    kind: 'information',
    subject: ' Contact ',
    text: '',
    pillar: '',
    mark: 'parties',
    urgency: 'routine',
    neededBy: '',
  };
  it('name bodies or a region, never both', () => {
    expect(requestBody(form)).toEqual({ to: ['valdoria'], kind: 'information', subject: 'Contact', mark: 'parties', urgency: 'routine' });
    expect(requestBody({ ...form, call: true }, 'p/a')).toMatchObject({ region: 'Meridia', measure: 'p/a' });
    expect(requestBody({ ...form, call: true })).not.toHaveProperty('to');
  });
  it('say what is missing', () => {
    expect(missing({ ...form, to: [], subject: '' })).toEqual(['to', 'subject']);
    expect(missing({ ...form, call: true, region: '' })).toEqual(['region']);
    expect(missing(form)).toEqual([]);
  });
  it('propose a date by their kind', () => {
    expect(proposedDate('return-and-referral', '2026-11-23')).toBe('2026-11-30');
  });
});

describe('the desk', () => {
  it('takes a few of each kind and seven at most', () => {
    const late = Array.from({ length: 9 }, (_, at) => milestone({ id: `l${at}` }));
    const approve = [milestone({ id: 'a', late: false, reportsToApprove: 1 })];
    const open = [request({ verbs: ['accept'] }), request({ id: 'r2', verbs: [] })];
    const list = needs(late, approve, open);
    expect(list).toHaveLength(7);
    expect(list.filter((need) => need.kind === 'late')).toHaveLength(5);
    expect(list.map((need) => need.kind)).toContain('approve');
    expect(list.map((need) => need.kind)).toContain('request');
  });
  it('asks nothing of those who may not do it, and nothing twice', () => {
    expect(needs([milestone({ verbs: [] })], [], [])).toEqual([]);
    expect(needs([milestone()], [milestone()], []).map((need) => need.kind)).toEqual(['approve']);
  });
  it('leads to the list that its numbers are the totals of', () => {
    expect(milestonesShown('late', 'b', '2026-11-23')).toEqual({ overdue: true, concerning: 'b' });
    expect(milestonesShown('soon', 'b', '2026-11-23')).toEqual({
      open: true,
      concerning: 'b',
      dueAfter: '2026-11-22',
      dueBefore: '2026-12-24',
    });
    expect(milestonesShown('to-approve', 'b', '2026-11-23')).toEqual({ toApprove: true, body: 'b' });
  });
});

describe('the timeline', () => {
  const measures = linesOf([
    milestone({ id: 'a', due: '2026-10-01', baseline: '2026-09-01' }),
    milestone({ id: 'b', due: '2026-12-01', baseline: '2026-11-01' }),
    milestone({ id: 'c', due: '2026-12-02', baseline: '2026-12-02' }),
  ]);
  it('goes from earlier to later, and is mirrored in writing from right to left', () => {
    const ltr = layout(measures, '2026-11-23', 'quarter', false);
    const rtl = layout(measures, '2026-11-23', 'quarter', true);
    const xs = ltr.rows[0]?.marks.map((mark) => mark.x) ?? [];
    expect([...xs].sort((a, b) => a - b)).toEqual(xs);
    expect(rtl.rows[0]?.marks.map((mark) => Math.round(rtl.width - mark.x))).toEqual(xs.map(Math.round));
    expect(rtl.today).toBeCloseTo(ltr.width - (ltr.today ?? 0), 5);
  });
  it('shows where a date first stood, only when it moved', () => {
    const marks = layout(measures, '2026-11-23', 'month', false).rows[0]?.marks ?? [];
    expect(marks.filter((mark) => mark.ghost !== null).map((mark) => mark.milestone.id)).toEqual(['a', 'b']);
    expect(marks[1]?.ghost).toBeLessThan(marks[1]?.x ?? 0);
  });
  it('lets no mark cover another', () => {
    const row = layout(measures, '2026-11-23', 'year', false).rows[0];
    expect(row && lanes(row)).toBe(2);
  });
  it('fills the room that it has', () => {
    expect(layout(measures, '2026-11-23', 'year', false, 900).width).toBe(900);
  });
  it('is bounded however far off the dates are, and what lies beyond stands at its edge', () => {
    const far = linesOf([milestone({ id: 'a', due: '0206-05-01', baseline: '0001-01-01' }), milestone({ id: 'b', due: '9999-12-31' })]);
    for (const zoom of ['month', 'quarter', 'year'] as const) {
      const { rows, ticks, width } = layout(far, '2026-11-23', zoom, false);
      expect(ticks.length).toBeLessThanOrEqual(240);
      const [first, last] = rows[0]?.marks ?? [];
      expect([first?.x, first?.ghost].every((x) => x != null && x >= 0 && x < width / 100)).toBe(true);
      expect(last?.x).toBeGreaterThan(width * 0.99);
      expect(last?.x).toBeLessThanOrEqual(width);
    }
  });
  it('keeps its months on an axis of some years', () => {
    const { ticks } = layout(linesOf([milestone({ due: '2016-11-14' }), milestone({ due: '2032-11-14' })]), '2026-11-23', 'month', false);
    expect(ticks.length).toBeGreaterThan(190);
  });
  it('holds its axis while the milestones are still read, and has a row for each measure', () => {
    const span = { from: '2025-01-01', to: '2031-12-31' };
    const unread = measures.map((line) => ({ ...line, milestones: undefined }));
    const before = layout(unread, '2026-11-23', 'quarter', false, 0, span);
    const after = layout(measures, '2026-11-23', 'quarter', false, 0, span);
    expect(before.rows.map((row) => [row.measure.id, row.marks.length])).toEqual([['a', 0]]);
    expect([after.from, after.to, after.width]).toEqual([before.from, before.to, before.width]);
  });
  it('moves with the arrows as they are drawn', () => {
    const { rows } = layout(measures, '2026-11-23', 'month', false);
    expect(move(rows, { row: 0, mark: 0 }, 'ArrowRight', false)).toEqual({ row: 0, mark: 1 });
    expect(move(rows, { row: 0, mark: 0 }, 'ArrowLeft', true)).toEqual({ row: 0, mark: 1 });
    expect(move(rows, { row: 0, mark: 0 }, 'ArrowLeft', false)).toBeNull();
    expect(move(rows, { row: 0, mark: 0 }, 'End', false)).toEqual({ row: 0, mark: 2 });
    const two = [...rows, ...rows];
    expect(move(two, { row: 0, mark: 2 }, 'ArrowDown', false)).toEqual({ row: 1, mark: 2 });
    expect(move(two, { row: 1, mark: 0 }, 'ArrowUp', false)).toEqual({ row: 0, mark: 0 });
  });
});

describe('plans', () => {
  it('go forward only', () => {
    expect(nextStatuses.drafting).not.toContain('concluded');
    expect(nextStatuses.superseded).toEqual([]);
  });
  it('show the milestones that one asks for, and export those', () => {
    const milestones = [milestone(), milestone({ id: 'm2', late: false, status: 'done', title: '=HYPERLINK("x")' })];
    const rows = (show?: string) => csvRows([{ measure: measure(milestones), milestones }], show);
    expect(showsMilestone(milestone(), 'late')).toBe(true);
    expect(rows('done')).toHaveLength(1);
    expect(rows()[0]).toHaveLength(csvHead(((key: string) => key) as never).length);
    expect(csv(rows('done'))).toContain(`"'=HYPERLINK(""x"")"`);
  });
  it('say by their counts of how many milestones they show something', () => {
    const milestones = [milestone({ reportsToApprove: 2 }), milestone({ id: 'm2', late: false, status: 'done' })];
    const held = measure(milestones);
    for (const show of [undefined, ...milestoneShows]) {
      const shown = milestones.filter((one) => showsMilestone(one, show));
      expect(countShown(held, show) > 0).toBe(shown.length > 0);
      if (show !== 'to-approve') expect(countShown(held, show)).toBe(shown.length);
    }
  });
});

describe('a field for a spreadsheet', () => {
  it.each(['=1+1', '+1', '-1', '@sum', '\t=1', '  =1', '\r=1'])('takes %j for text', (formula) => {
    expect(csvField(formula).replace(/^"/, '')).toMatch(/^'/);
  });
  it('leaves numbers and plain words alone and quotes what needs it', () => {
    expect(csvField(-5)).toBe('-5');
    expect(csvField('plain')).toBe('plain');
    expect(csvField('a,"b"\nc')).toBe('"a,""b""\nc"');
    expect(csvField(null)).toBe('');
    expect(
      csv([
        ['a', 1],
        ['b', undefined],
      ]),
    ).toBe('a,1\r\nb,');
  });
});

describe('the world', () => {
  it.each([
    [undefined, true, 'no-plan-stated'],
    [undefined, false, 'not-in-report'],
    [planView({ status: 'drafting' }), true, 'preparing'],
    [planView({ iteration: { number: 2, atLeast: true } }), true, 'later'],
    [planView({ iteration: { number: 1, atLeast: false } }), true, 'implementing'],
    [planView(), true, 'implementing'],
  ] as const)('classes %#', (held, reported, kind) => {
    expect(classOf(held, reported)).toBe(kind);
  });
  it('puts the paragraph behind each colour', () => {
    const source = { document: 'A/67/170', paragraphs: [19] };
    const states = statesOnMap(
      [
        body(),
        body({ id: 'tunisia', name: 'Tunisia', state: 'TUN', category: 'reporting-state' }),
        body({ id: 'brazil', name: 'Brazil', state: 'BRA', category: 'beneficiary-state' }),
        body({ id: 'ohchr', kind: 'un-entity', state: null }),
      ],
      [planView({ id: 'x', state: 'AUT', iteration: { number: 2, atLeast: true }, source })],
    );
    expect(states.map((state) => [state.iso3, state.class, state.sources.flatMap((one) => one.paragraphs)])).toEqual([
      ['AUT', 'later', [19]],
      ['BRA', 'not-in-report', []],
      ['TUN', 'no-plan-stated', [11]],
    ]);
    expect(classCounts(states)).toMatchObject({ later: 1, 'no-plan-stated': 1, 'not-in-report': 1, implementing: 0 });
  });
});

describe('regions', () => {
  it('name a cell by the worst in it', () => {
    expect(worst({ ...counts, total: 2, done: 1, late: 1 })).toBe('late');
    expect(worst({ ...counts, total: 1, done: 1 })).toBe('done');
  });
  it('know what is subscribed to, by name or code', () => {
    const held = { id: 's', body: 'b', about: 'requests' as const, regions: ['150'], states: [], kinds: [], pillars: [], urgencies: [] };
    expect(subscribedTo([held], 'requests', 'Europe', '150')).toBe(held);
    expect(subscribedTo([held], 'plans', 'Europe', '150')).toBeUndefined();
    expect(subscribedTo([{ ...held, kinds: ['training'] }], 'requests', 'Europe', '150')).toBeUndefined();
  });
});

describe('groups', () => {
  const update = (id: string, position: number, replyTo: string | null = null): UpdateView => ({
    id,
    position,
    at: '2026-11-23T10:00:00Z',
    body: 'b',
    bodyName: 'B',
    actor: 'a',
    text: id,
    mark: 'parties',
    replyTo,
  });
  it('put replies under what they answer, also replies to replies', () => {
    const made = threads([update('d', 4, 'c'), update('c', 3, 'a'), update('b', 2), update('a', 1), update('z', 5, 'unseen')]);
    expect(made.map((thread) => [thread.update.id, thread.replies.map((reply) => reply.id)])).toEqual([
      ['z', []],
      ['b', []],
      ['a', ['c', 'd']],
    ]);
  });
  it('show who is here by name', () => {
    const group = {
      members: [{ id: 'b', name: 'B' }],
      here: [{ id: 'x', name: 'X' }],
      chairs: [{ body: 'b' }],
      chair: { id: 'b', name: 'B' },
    } as unknown as GroupView;
    expect(hereNow(group, ['b', 'q'])).toEqual([
      { id: 'b', name: 'B' },
      { id: 'q', name: 'q' },
    ]);
    expect(hereNow(group, undefined)).toEqual([{ id: 'x', name: 'X' }]);
    expect(currentTerm(group)).toEqual({ body: 'b' });
  });
});

describe('entries of the feed', () => {
  it('stand newest first and once', () => {
    expect(mergeNewestFirst([entry(1), entry(3)], [entry(2), entry(3)]).map((one) => one.position)).toEqual([3, 2, 1]);
  });
  it('belong to topics', () => {
    expect(about(entry(1), [])).toBe(true);
    expect(about(entry(1), ['plan/p'])).toBe(true);
    expect(about(entry(1), ['plan/q'])).toBe(false);
  });
  it('lead to what they are about', () => {
    expect(targetOf(entry(1, { data: { milestone: 'm1' } }))).toEqual({ to: '/plans/$id', params: { id: 'p' }, search: { m: 'm1' } });
    expect(targetOf(entry(1, { subject: { kind: 'subscription', id: 's' } }))).toBeNull();
  });
  it('of a kind that no catalogue knows have no sentence here', async () => {
    await startI18n('en');
    expect(sentence(entry(1, { type: 'plan.something-newer' }), 'en')).toBeUndefined();
    expect(sentence(entry(1, { type: 'plan.something-newer' }), 'ar')).toBeUndefined();
  });
  it('of erased texts tell how many and why, in the form that the number asks for', async () => {
    await startI18n('en');
    await changeLanguage('ar');
    const erased = (count: string, language: 'en' | 'ar') =>
      sentence(
        entry(1, {
          type: 'journal.texts-erased',
          subject: { kind: 'journal', id: 'erasures' },
          data: { count, positions: '4', reason: 'why' },
        }),
        language,
      );
    expect(erased('1', 'en')).toBe('The texts of 1 entry were erased: why');
    expect(erased('12', 'en')).toBe('The texts of 12 entries were erased: why');
    expect(erased('2', 'ar')).toBe('حُذفت نصوص قيدين: \u2068why\u2069');
    expect(erased('12', 'ar')).toBe('حُذفت نصوص 12 قيدًا: \u2068why\u2069');
    expect(targetOf(entry(1, { subject: { kind: 'journal', id: 'erasures' } }))).toBeNull();
    await changeLanguage('en');
  });
});

describe('around the pages', () => {
  it('the sign-in leads only to places of this site', () => {
    expect(safeNext('/plans/p?m=1')).toBe('/plans/p?m=1');
    expect(safeNext('//evil.example')).toBe('/');
    expect(safeNext('/\\evil.example')).toBe('/');
    expect(safeNext('https://evil.example')).toBe('/');
    expect(safeNext(undefined)).toBe('/');
    expect(['/developers', '/developers/', '/developers-of-plans', '/plans'].map(isOutside)).toEqual([true, true, false, false]);
  });
  it('exercise accounts come first', () => {
    const accounts = sortAccounts([
      { account: 'a', name: 'Austria', kind: 'state', exercise: false },
      { account: 'r', name: 'Ruritania', kind: 'state', exercise: true },
    ]);
    expect(accounts.map((one) => one.account)).toEqual(['r', 'a']);
  });
  it('an address is read with care', () => {
    expect(oneOf({ tab: 'map' }, 'tab', ['map', 'table'])).toEqual({ tab: 'map' });
    // Said to be absent: under a name that is not said the router leaves what stands in the address.
    expect(oneOf({ tab: '<script>' }, 'tab', ['map', 'table'])).toStrictEqual({ tab: undefined });
    expect(text({ a: 5 }, 'a')).toEqual({ a: '5' });
    expect(text({ a: { b: 1 } }, 'a')).toStrictEqual({ a: undefined });
    expect(yes({ open: 'true' }, 'open')).toEqual({ open: true });
    expect(yes({ open: 'no' }, 'open')).toStrictEqual({ open: undefined });
  });
  it('the pages are found by words in any order, without accents', () => {
    const pages = [
      { id: '1', group: 'page' as const, title: 'Mon compte à moi', href: '/1' },
      { id: '2', group: 'page' as const, title: 'Desk', href: '/' },
    ];
    expect(find(pages, 'A compte').map((one) => one.id)).toEqual(['1']);
    expect(find(pages, '')).toHaveLength(2);
    expect(find(pages, 'zzz')).toEqual([]);
  });
  it('what was found lies on a page', () => {
    expect(hrefOf({ kind: 'milestone', id: 'm 1', plan: 'p' })).toBe('/plans/p?m=m%201');
    expect(hrefOf({ kind: 'measure', id: 'm', plan: 'p' })).toBe('/plans/p');
    expect(hrefOf({ kind: 'body', id: 'togo', plan: null })).toBe('/bodies/togo');
  });
});
