import { describe, expect, it } from 'vitest';
import { entry, measure, milestone, now, request } from '../../tests/make';
import type { FeedEntry } from '../api/types';
import { affected, affectedByAll, everything } from './affected';
import { countMilestones, keepNewer, patchMeasures, patchMilestone, patchMilestonePage, patchRequest } from './patch';

const finished = now({
  status: 'done',
  progress: 100,
  late: false,
  version: 6,
  reported: { at: '2026-11-23T10:00:00Z', body: 'b', bodyName: 'B' },
});
const done = entry(9, { version: 6, milestone: finished });

describe('a change put on the screen at once', () => {
  it('shows all that a reader is shown of the milestone, with its version: nothing is left to be read', () => {
    const { id, measure, inMeasure, ...shown } = finished;
    expect(patchMilestone(milestone(), done)).toEqual({ ...milestone(), ...shown });
  });

  it('shows a date that was moved, and what follows from it', () => {
    const moved = entry(9, { type: 'plan.milestone-rescheduled', milestone: now({ due: '2027-01-31', late: false, version: 9 }) });
    expect(patchMilestone(milestone(), moved)).toMatchObject({ due: '2027-01-31', late: false, baseline: '2026-11-14', version: 9 });
  });

  it('offers no new date for what is closed', () => {
    const may = milestone({ verbs: ['report', 'reschedule'] });
    expect(patchMilestone(may, done).verbs).toEqual(['report']);
    expect(patchMilestone(may, entry(9, { milestone: now({ progress: 60, version: 6 }) })).verbs).toEqual(['report', 'reschedule']);
  });

  it('leaves the version of a request that was read, since a write must not claim to have seen the rest of the change', () => {
    const accepted = entry(9, { type: 'request.accepted', subject: { kind: 'request', id: 'r1' }, version: 2 });
    expect(patchRequest(request(), accepted).version).toBe(request().version);
  });

  it('touches neither another milestone nor one that is as new already', () => {
    const other = milestone({ id: 'm2' });
    const newer = milestone({ version: 6 });
    expect(patchMilestone(other, done)).toBe(other);
    expect(patchMilestone(milestone({ plan: 'q' }), done)).toMatchObject({ status: 'in-progress' });
    expect(patchMilestone(newer, done)).toBe(newer);
  });

  it('ends the same in order, repeated and out of order, whatever hidden changes stand between', () => {
    const first = entry(6, { milestone: now({ progress: 60, version: 6 }) });
    const drafted = entry(9, { type: 'plan.report-drafted' });
    const second = entry(14, { milestone: now({ status: 'done', progress: 100, late: false, version: 14 }) });
    const fold = (...entries: FeedEntry[]) => entries.reduce(patchMilestone, milestone());
    const end = fold(first, drafted, second);
    expect(end).toMatchObject({ status: 'done', progress: 100, version: 14 });
    expect(fold(first, second)).toEqual(end);
    expect(fold(first, first, drafted, second, drafted, second)).toEqual(end);
    expect(fold(second, drafted, first)).toEqual(end);
  });

  it('counts the reports that wait as its reader sees them', () => {
    const handedIn = entry(9, { type: 'plan.report-submitted', milestone: now({ version: 9, reportsToApprove: 2 }) });
    const approved = entry(12, { type: 'plan.report-approved', milestone: now({ version: 12 }) });
    expect(patchMilestone(milestone({ reportsToApprove: 1 }), handedIn).reportsToApprove).toBe(2);
    expect(patchMilestone(milestone({ reportsToApprove: 2 }), approved).reportsToApprove).toBe(1);
    expect(patchMilestone(milestone(), approved).reportsToApprove).toBe(0);
  });

  it('counts its measure anew, and no other', () => {
    const inMeasure = { total: 2, done: 1, inProgress: 0, planned: 0, atRisk: 0, late: 1, cancelled: 0 };
    const page = { items: [measure([milestone(), milestone({ id: 'm2' })]), measure([], { id: 'b' })] };
    const patched = patchMeasures(page, entry(9, { milestone: now({ inMeasure, version: 6 }) }));
    expect(patched.items.map((one) => one.milestones)).toEqual([inMeasure, page.items[1]?.milestones]);
    expect(patched.items[1]).toBe(page.items[1]);
    expect(patched.items[0]?.version).toBe(page.items[0]?.version);
  });

  it('counts nothing twice that is told twice: how many reports wait on a measure is read', () => {
    const handedIn = entry(9, {
      type: 'plan.report-submitted',
      data: { milestone: 'm1', pillar: 'training' },
      milestone: now({ version: 9, reportsToApprove: 1 }),
    });
    const page = { items: [measure([milestone({ reportsToApprove: 1 })])] };
    expect([handedIn, handedIn].reduce(patchMeasures, page).items[0]?.reportsToApprove).toBe(1);
    for (const type of ['plan.report-submitted', 'plan.report-returned', 'plan.report-approved']) {
      expect(affected({ ...handedIn, type })).toContainEqual(['plan', 'p', 'measures', 'training']);
      expect(affected({ ...handedIn, type })).toContainEqual(['milestones', ...(type === 'plan.report-approved' ? [] : ['standing'])]);
    }
    expect(affected({ ...handedIn, type: 'plan.report-approved' })).toContainEqual(['plan', 'p', 'milestones', 'a']);
  });

  it('gives a measure the version of the milestone that it was given', () => {
    const added = entry(9, { type: 'plan.milestone-added', version: 9, milestone: now({ id: 'm2', version: 9 }) });
    expect(patchMeasures({ items: [measure()] }, added).items[0]?.version).toBe(9);
  });

  it('leaves a page alone that it does not concern', () => {
    const page = { items: [milestone({ plan: 'q' })] };
    const measures = { items: [measure([], { id: 'b' })] };
    expect(patchMilestonePage(page, done)).toBe(page);
    expect(patchMeasures(measures, done)).toBe(measures);
  });

  it('moves a request on', () => {
    const accepted = entry(9, { type: 'request.accepted', subject: { kind: 'request', id: 'r1' }, version: 2 });
    expect(patchRequest(request(), accepted)).toMatchObject({ status: 'accepted', patchedAt: 2 });
    const newer = request({ version: 2, status: 'answered' });
    expect(patchRequest(newer, accepted)).toBe(newer);
  });
});

describe('a read that comes late', () => {
  it('does not undo a patch', () => {
    const patched = { items: [patchMilestone(milestone(), done)] };
    const late = { items: [milestone()], next: null };
    expect(keepNewer(patched, late)).toEqual({ items: patched.items, next: null });
  });

  it('gives way to what is as new or newer', () => {
    const patched = { items: [patchMilestone(milestone(), done)] };
    const fresh = { items: [milestone({ status: 'done', progress: 100, late: false, version: 6, verbs: [] })], next: null };
    expect(keepNewer(patched, fresh)).toEqual(fresh);
  });

  it('drops an older form of the same thing and takes any form of another', () => {
    expect(keepNewer(request({ version: 3 }), request({ version: 2 }))).toMatchObject({ version: 3 });
    expect(keepNewer(request({ version: 3 }), request({ id: 'r2', version: 1 }))).toMatchObject({ id: 'r2' });
  });

  it('follows a list in what is in it and in which order', () => {
    const old = { items: [request({ id: 'a', version: 2 }), request({ id: 'b' })] };
    const fresh = { items: [request({ id: 'c' }), request({ id: 'a', version: 1 })] };
    const kept = keepNewer(old, fresh) as typeof fresh;
    expect(kept.items.map((one) => [one.id, one.version])).toEqual([
      ['c', 1],
      ['a', 2],
    ]);
  });
});

describe('what a change makes old', () => {
  it('is the small head of its plan, what is open of its milestone, the lists and the bodies concerned', () => {
    expect(affected(entry(9, { data: { milestone: 'm1' } }))).toEqual([
      ['plan', 'p', 'head'],
      ['plan', 'p', 'milestone', 'm1'],
      ['plan', 'p', 'reports', 'm1'],
      ['milestones', 'standing'],
      ['plans'],
      ['every', 'plan'],
      ['body', 'ruritania'],
      ['bodies'],
      ['every', 'state'],
    ]);
  });
  it('is the milestones of a measure that has a new one, and the measures of a pillar that has a new one', () => {
    const added = entry(9, { type: 'plan.milestone-added', data: { measure: 'a', milestone: 'm1', pillar: 'training' } });
    expect(affected(added)).toContainEqual(['plan', 'p', 'milestones', 'a']);
    expect(affected(added)).toContainEqual(['milestones']);
    expect(affected(entry(9, { type: 'plan.milestone-rescheduled' }))).toContainEqual(['milestones']);
    const measured = entry(9, { type: 'plan.measure-added', data: { measure: 'a', pillar: 'training' } });
    expect(affected(measured)).toContainEqual(['plan', 'p', 'measures', 'training']);
    expect(affected(measured)).toContainEqual(['plan', 'p', 'measures', 'all']);
  });
  it('is all of a plan that has another status: what may be done with each part follows from it', () => {
    expect(affected(entry(9, { type: 'plan.status-changed' }))).toContainEqual(['plan', 'p']);
  });
  it('is what was searched, when something has other words or is for other eyes, and not when it stands otherwise', () => {
    const of = (type: string, kind: string) => affected(entry(9, { type, subject: { kind, id: 'x' }, data: { accountName: 'Anna K.' } }));
    for (const [type, kind] of [
      ['plan.drafted', 'plan'],
      ['plan.milestone-added', 'plan'],
      ['request.opened', 'request'],
      ['group.member-left', 'group'],
      ['body.profile-changed', 'body'],
      ['account.role-left', 'body'],
    ] as const)
      expect(of(type, kind), type).toContainEqual(['search']);
    expect(of('plan.milestone-reported', 'plan')).not.toContainEqual(['search']);
  });
  it('is each thing once for a whole batch', () => {
    const one = entry(9, { data: { milestone: 'm1' } });
    expect(affectedByAll([one, one, entry(10, { subject: { kind: 'group', id: 'g' }, type: 'group.update-shared' })])).toHaveLength(12);
  });
  it('is everything, when texts were erased', () => {
    const erasure = entry(1, { type: 'journal.texts-erased', subject: { kind: 'journal', id: 'erasures' } });
    expect(affectedByAll([done, erasure])).toContain(everything);
    expect(affectedByAll([done])).not.toContain(everything);
  });
  it('is who one is, when a role was given or taken', () => {
    for (const type of ['account.role-taken', 'account.role-left'])
      expect(affected(entry(1, { type, subject: { kind: 'body', id: 'b' }, data: { account: 'a-1', accountName: 'Anna K.' } }))).toEqual([
        ['body', 'b'],
        ['bodies'],
        ['every', 'state'],
        ['names'],
        ['regions'],
        ['search'],
        ['session'],
        ['accounts'],
      ]);
  });
  it('is everything, when a person was erased', () => {
    const left = entry(1, { type: 'account.role-left', subject: { kind: 'body', id: 'b' }, data: { account: 'a-1' } });
    expect(affectedByAll([done, left])).toContain(everything);
  });
});

it('counts late and at-risk ones there and nowhere else', () => {
  expect(
    countMilestones([
      milestone(),
      milestone({ late: false, atRisk: true }),
      milestone({ late: false, status: 'planned' }),
      milestone({ status: 'done' }),
      milestone({ status: 'cancelled' }),
    ]),
  ).toEqual({ total: 5, late: 1, atRisk: 1, inProgress: 0, planned: 1, done: 1, cancelled: 1 });
});
