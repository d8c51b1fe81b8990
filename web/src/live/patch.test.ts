import { describe, expect, it } from 'vitest';
import { entry, milestone, plan, request } from '../../tests/make';
import type { FeedEntry } from '../api/types';
import { affected, affectedByAll, everything } from './affected';
import { countMilestones, keepNewer, patchMilestone, patchMilestonePage, patchPlanDetail, patchRequest } from './patch';

const done = entry(9, { version: 6, data: { milestone: 'm1', status: 'done', progress: '100' } });

describe('a change put on the screen at once', () => {
  it('shows the new status and progress, and is late no more when done', () => {
    expect(patchMilestone(milestone(), done)).toMatchObject({ status: 'done', progress: 100, late: false, patchedAt: 6 });
  });

  it('leaves the version that was read, since a write must not claim to have seen the rest of the change', () => {
    expect(patchMilestone(milestone(), done).planVersion).toBe(milestone().planVersion);
    const accepted = entry(9, { type: 'request.accepted', subject: { kind: 'request', id: 'r1' }, version: 2 });
    expect(patchRequest(request(), accepted).version).toBe(request().version);
  });

  it('keeps a late one late while it is not done', () => {
    const under = entry(9, { version: 6, data: { milestone: 'm1', status: 'in-progress', progress: '60' } });
    expect(patchMilestone(milestone(), under)).toMatchObject({ status: 'in-progress', progress: 60, late: true });
  });

  it('touches neither another milestone nor one that is as new already', () => {
    const other = milestone({ id: 'm2' });
    const newer = milestone({ planVersion: 6 });
    expect(patchMilestone(other, done)).toBe(other);
    expect(patchMilestone(newer, done)).toBe(newer);
  });

  it('ends the same in order, repeated and out of order, whatever hidden changes stand between', () => {
    const versions = { first: 6, drafted: 9, second: 14, returned: 17 };
    const first = entry(6, { version: versions.first, data: { milestone: 'm1', status: 'in-progress', progress: '60' } });
    const drafted = entry(9, {
      type: 'plan.report-drafted',
      version: versions.drafted,
      data: { milestone: 'm1', status: 'done', progress: '100' },
    });
    const second = entry(14, { version: versions.second, data: { milestone: 'm1', status: 'done', progress: '100' } });
    const returned = entry(17, {
      type: 'plan.report-returned',
      version: versions.returned,
      data: { milestone: 'm1', status: 'planned', progress: '0' },
    });
    const fold = (...entries: FeedEntry[]) => entries.reduce(patchPlanDetail, plan([milestone()])).measures[0]?.milestones[0];
    const end = fold(first, drafted, second, returned);
    // What everybody sees has the version of its own last change.
    expect(end).toMatchObject({ status: 'done', progress: 100, patchedAt: versions.second });
    expect(fold(first, second)).toEqual(end);
    expect(fold(first, first, drafted, second, drafted, second, returned)).toEqual(end);
    expect(fold(returned, second, drafted, first)).toEqual(end);
  });

  it('ignores a status that it does not know', () => {
    const held = milestone();
    expect(patchMilestone(held, entry(9, { version: 6, data: { milestone: 'm1', status: 'abolished' } }))).toBe(held);
  });

  it('counts the plan anew', () => {
    const patched = patchPlanDetail(plan([milestone(), milestone({ id: 'm2' })]), done);
    expect(patched.milestones).toMatchObject({ total: 2, done: 1, late: 1 });
  });

  it('leaves a plan and a page alone that it does not concern', () => {
    const other = plan([milestone({ id: 'm9' })]);
    const page = { items: [milestone({ plan: 'q' })] };
    expect(patchPlanDetail(other, done)).toBe(other);
    expect(patchMilestonePage(page, done)).toBe(page);
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

  it('does not undo a milestone inside a plan, and counts with it', () => {
    const patched = patchPlanDetail(plan([milestone()]), done);
    const kept = keepNewer(patched, plan([milestone()])) as ReturnType<typeof plan>;
    expect(kept.measures[0]?.milestones[0]?.status).toBe('done');
    expect(kept.milestones.done).toBe(1);
  });

  it('gives way to what is as new or newer', () => {
    const patched = patchPlanDetail(plan([milestone()]), done);
    const fresh = plan([milestone({ status: 'done', progress: 100, late: false, planVersion: 6 })], { version: 6 });
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
  it('is its plan, the lists and the bodies concerned', () => {
    expect(affected(done)).toEqual([['plan', 'p'], ['plans'], ['milestones'], ['body', 'ruritania'], ['bodies']]);
  });
  it('is each thing once for a whole batch', () => {
    expect(affectedByAll([done, done, entry(10, { subject: { kind: 'group', id: 'g' }, type: 'group.update-shared' })])).toHaveLength(8);
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
        ['regions'],
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
