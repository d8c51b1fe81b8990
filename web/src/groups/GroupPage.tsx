import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type FormEvent, type KeyboardEvent, lazy, Suspense, useRef, useState } from 'react';
import { useCommand } from '../api/command';
import { commands } from '../api/commands';
import { queries } from '../api/queries';
import { useSession } from '../api/session';
import type { BodyName, GroupView, UpdateView } from '../api/types';
import { useLocale, useTranslation } from '../i18n';
import { isErased } from '../i18n/erased';
import { useFollow, useHere } from '../live/react';
import { More } from '../parts/list/More';
import { useList } from '../parts/list/useList';
import { Waiting } from '../parts/page/Waiting';
import { PersonName } from '../parts/person/PersonName';
import { formatAgo, formatMoment, formatPartial } from '../ui/dates';
import { Cite, Empty, ExerciseBanner, ExerciseTag, Field, Loading, PageHead, Trouble } from '../ui/pieces';
import { currentTerm, hereNow, threads } from './model';
import './groups.css';

const InviteMember = lazy(() => import('./GroupForms').then((module) => ({ default: module.InviteMember })));
const RemoveMember = lazy(() => import('./GroupForms').then((module) => ({ default: module.RemoveMember })));
const Invitation = lazy(() => import('./GroupForms').then((module) => ({ default: module.Invitation })));
const HandOver = lazy(() => import('./GroupForms').then((module) => ({ default: module.HandOver })));
const route = getRouteApi('/shell/groups/$id');
const shareMarks = ['parties', 'community', 'public'] as const;

export function GroupPage() {
  const { t } = useTranslation();
  const { id } = route.useParams();
  const { data: group, error, refetch } = useQuery(queries.group(id));
  useFollow(`group/${id}`);
  if (!group) return <Waiting error={error} retry={refetch} />;
  return (
    <div className="page">
      {group.exercise && <ExerciseBanner />}
      <PageHead title={group.name} kicker={<Link to="/groups">{t('groups:title')}</Link>} tags={group.exercise && <ExerciseTag />} />
      {group.note && <p dir="auto">{group.note}</p>}
      <Cite source={group.source} />
      <div className="columns columns-side">
        <Updates key={group.id} group={group} />
        <Side group={group} />
      </div>
    </div>
  );
}

function Updates({ group }: { group: GroupView }) {
  const { t } = useTranslation();
  const { account } = useSession();
  const list = useList(queries.updates(group.id), (update) => update.id);
  // Positions that the reader has let in; what is newer waits behind the pill while one reads further down.
  const [upTo, setUpTo] = useState<number | null>(null);
  const updates = list.items ?? [];
  const newest = updates.reduce((most, update) => Math.max(most, update.position), 0);
  const reading = window.scrollY > 200;
  const own = (update: UpdateView) => update.actor === account;
  const held = useRef(0);
  if (upTo === null && list.items) held.current = newest;
  if (!reading) held.current = newest;
  const limit = Math.max(held.current, upTo ?? 0);
  const waiting = updates.filter((update) => update.position > limit && !own(update));
  const shown = updates.filter((update) => update.position <= limit || own(update));
  return (
    <div className="stack-large">
      {group.verbs.includes('share') && <Share group={group} />}
      {waiting.length > 0 && (
        <div className="new-pill-place">
          <button type="button" className="new-pill" data-testid="updates-new" onClick={() => setUpTo(newest)}>
            {t('feed:new', { count: waiting.length })}
          </button>
        </div>
      )}
      <Trouble error={list.error} retry={list.again} />
      {!list.items && !list.error && <Loading />}
      {list.items && shown.length === 0 && <Empty title={group.member ? t('groups:nothingShared') : t('groups:nothingVisible')} />}
      {threads(shown).map((thread) => (
        <article key={thread.update.id} className="card update-thread" aria-label={thread.update.bodyName}>
          <Update group={group} update={thread.update} />
          {thread.replies.length > 0 && (
            <div className="replies">
              {thread.replies.map((reply) => (
                <Update key={reply.id} group={group} update={reply} reply />
              ))}
            </div>
          )}
        </article>
      ))}
      <More list={list} testId="updates-older" />
    </div>
  );
}

function Update({ group, update, reply = false }: { group: GroupView; update: UpdateView; reply?: boolean }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const [answering, setAnswering] = useState(false);
  const [born] = useState(() => Date.now());
  const fresh = born - Date.parse(update.at) < 3000;
  return (
    <div className={fresh ? 'update flash' : 'update'} data-testid="group-update" data-update={update.id} data-position={update.position}>
      <p className="turn-head">
        <Link to="/bodies/$id" params={{ id: update.body }} dir="auto">
          <strong>{update.bodyName}</strong>
        </Link>
        <PersonName name={update.actorName} body={update.bodyName} />
        <time dateTime={update.at} title={formatMoment(update.at, locale)}>
          {formatAgo(update.at, locale)}
        </time>
        <span className="chip">{update.mark === 'parties' ? t('groups:mark.parties') : t(`words:mark.${update.mark}`)}</span>
      </p>
      <p className={isErased(update.text) ? 'update-words erased' : 'update-words'} dir="auto">
        {update.text}
      </p>
      {!reply && group.verbs.includes('share') && !answering && (
        <button type="button" className="link-button" onClick={() => setAnswering(true)}>
          {t('groups:reply')}
        </button>
      )}
      {answering && <Share group={group} replyTo={update} onDone={() => setAnswering(false)} />}
    </div>
  );
}

function Share({ group, replyTo, onDone }: { group: GroupView; replyTo?: UpdateView; onDone?: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [text, setText] = useState('');
  const [mark, setMark] = useState<(typeof shareMarks)[number]>(replyTo && replyTo.mark !== 'named' ? replyTo.mark : 'parties');
  const { busy, error, run, retry } = useCommand();

  function share() {
    if (!text.trim()) return;
    run(async (by) => {
      await commands.shareUpdate(group.id, { text: text.trim(), mark, ...(replyTo ? { replyTo: replyTo.id } : {}) }, by);
      setText('');
      void client.invalidateQueries({ queryKey: ['updates', group.id] });
      onDone?.();
    });
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if ((event.ctrlKey || event.metaKey) && event.key === 'Enter') share();
  };
  return (
    <form
      className={replyTo ? 'share share-reply' : 'card share'}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        share();
      }}
    >
      <Trouble error={error} retry={retry && share} />
      <Field name={replyTo ? `reply-${replyTo.id}` : 'update'} label={replyTo ? t('groups:reply') : t('groups:share')}>
        {(control) => (
          <textarea
            {...control}
            rows={replyTo ? 2 : 3}
            maxLength={8000}
            dir="auto"
            value={text}
            data-testid={replyTo ? 'reply-text' : 'update-text'}
            placeholder={t('groups:shareHint')}
            onKeyDown={onKeyDown}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      <div className="actions">
        <label className="inline-field">
          <span>{t('groups:visibleTo')}</span>
          <select value={mark} onChange={(event) => setMark(event.target.value as typeof mark)} data-testid="update-mark">
            {shareMarks.map((one) => (
              <option key={one} value={one}>
                {one === 'parties' ? t('groups:mark.parties') : t(`words:mark.${one}`)}
              </option>
            ))}
          </select>
        </label>
        <button
          type="submit"
          className="button button-primary"
          disabled={busy || !text.trim()}
          data-testid={replyTo ? 'reply-share' : 'update-share'}
        >
          {replyTo ? t('groups:reply') : t('groups:shareAction')}
        </button>
        {onDone && (
          <button type="button" className="button" onClick={onDone}>
            {t('words:cancel')}
          </button>
        )}
      </div>
    </form>
  );
}

export function Side({ group }: { group: GroupView }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const here = useHere();
  const present = hereNow(group, here?.groups[group.id]);
  const online = new Set(here?.online ?? []);
  const term = currentTerm(group);
  const session = useSession();
  const own = group.members.find((member) => member.id === session.body?.id);
  const invited = group.invited.some((body) => body.id === session.body?.id);
  // The form that is open: to add a member, to hand over the chair, or to let this member go.
  const [form, setForm] = useState<'invite' | 'chair' | BodyName | null>(null);
  const close = () => setForm(null);
  return (
    <aside className="stack-large">
      {invited && (
        <Suspense>
          <Invitation group={group} />
        </Suspense>
      )}
      {group.member && (
        <section className="card" aria-labelledby="here-now">
          <h2 id="here-now">{t('groups:here')}</h2>
          <ul className="presence" data-testid="presence" data-count={present.length}>
            {present.map((body) => (
              <li key={body.id} data-body={body.id} dir="auto">
                {body.name}
              </li>
            ))}
          </ul>
          {present.length === 0 && <p className="hint">{t('groups:nobodyHere')}</p>}
        </section>
      )}
      <section className="card" aria-labelledby="chair">
        <h2 id="chair">{t('groups:chair')}</h2>
        {group.chair ? (
          <p>
            <Link to="/bodies/$id" params={{ id: group.chair.id }} dir="auto">
              {group.chair.name}
            </Link>
            <span className="hint block">
              {term?.from && t('groups:from', { date: formatPartial(term.from, locale) })}{' '}
              {term?.to && t('groups:until', { date: formatPartial(term.to, locale) })}
              {term?.asAt && !term.from && !term.to && t('groups:asAt', { date: formatPartial(term.asAt, locale) })}
            </span>
          </p>
        ) : (
          <p className="hint">{t('words:notStated')}</p>
        )}
        {group.verbs.includes('appoint-chair') && group.members.length > 0 && (
          <div className="card-foot">
            <button type="button" className="button button-small" onClick={() => setForm('chair')} data-testid="hand-over">
              {t('groups:appoint')}
            </button>
          </div>
        )}
      </section>
      <section className="card" aria-labelledby="members">
        <div className="card-head">
          <h2 id="members" tabIndex={-1}>
            {t('groups:members', { count: group.members.length })}
          </h2>
          {group.verbs.includes('add-member') && (
            <button type="button" className="button button-small" onClick={() => setForm('invite')} data-testid="add-member">
              {t('groups:inviteMember')}
            </button>
          )}
        </div>
        <ul className="member-list">
          {group.members.map((member) => (
            <li key={member.id}>
              <Link to="/bodies/$id" params={{ id: member.id }} dir="auto">
                {member.name}
              </Link>
              {online.has(member.id) && <span className="online">{t('words:online')}</span>}
              {group.verbs.includes('remove-member') && member.id !== group.chair?.id && (
                <button
                  type="button"
                  className="link-button"
                  aria-label={t('groups:removeNamed', { name: member.name })}
                  onClick={() => setForm(member)}
                  data-testid="remove-member"
                >
                  {t('groups:removeAction')}
                </button>
              )}
            </li>
          ))}
        </ul>
        {group.member && group.invited.length > 0 && (
          <>
            <h3>{t('groups:invited')}</h3>
            <ul className="member-list" data-testid="invited">
              {group.invited.map((body) => (
                <li key={body.id}>
                  <Link to="/bodies/$id" params={{ id: body.id }} dir="auto">
                    {body.name}
                  </Link>
                  {group.verbs.includes('remove-member') && (
                    <button
                      type="button"
                      className="link-button"
                      aria-label={t('groups:withdrawNamed', { name: body.name })}
                      onClick={() => setForm(body)}
                      data-testid="withdraw"
                    >
                      {t('groups:withdrawAction')}
                    </button>
                  )}
                </li>
              ))}
            </ul>
          </>
        )}
        {own && group.verbs.includes('leave') && (
          <div className="card-foot">
            <button type="button" className="button button-small button-danger" onClick={() => setForm(own)} data-testid="leave">
              {t('groups:leave')}
            </button>
          </div>
        )}
      </section>
      {form !== null && (
        <Suspense>
          {form === 'invite' && <InviteMember group={group} onClose={close} />}
          {form === 'chair' && <HandOver group={group} onClose={close} />}
          {typeof form === 'object' && <RemoveMember group={group} member={form} onClose={close} />}
        </Suspense>
      )}
    </aside>
  );
}
