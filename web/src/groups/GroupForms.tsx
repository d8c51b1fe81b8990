import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useCommand } from '../api/command';
import { commands } from '../api/commands';
import { useSession } from '../api/session';
import type { BodyName, GroupView } from '../api/types';
import { useTranslation } from '../i18n';
import { BodiesCombo, BodyCombo } from '../parts/body/BodyCombo';
import { addDays, today } from '../ui/dates';
import { FormDialog } from '../ui/form';
import { Field, Trouble } from '../ui/pieces';
import { type GroupForm, groupBody, groupLacks, termBody, termLacks } from './model';

/** What a group shows of itself is old after any of these. */
function useGroupChanged(group: string): () => void {
  const client = useQueryClient();
  return () => {
    for (const queryKey of [['group', group], ['groups'], ['updates', group]]) void client.invalidateQueries({ queryKey });
  };
}

export function InviteMember({ group, onClose }: { group: GroupView; onClose: () => void }) {
  const { t } = useTranslation();
  const changed = useGroupChanged(group.id);
  const [body, setBody] = useState<string | null>(null);
  const members = [...group.members, ...group.invited].map((member) => member.id);
  return (
    <FormDialog
      title={t('groups:inviteMember')}
      action={t('groups:addAction')}
      lacks={body === null ? { body: t('groups:lacks.body') } : {}}
      send={(by) => commands.inviteMember(group.id, body ?? '', by)}
      onDone={() => {
        changed();
        onClose();
      }}
      onClose={onClose}
      testId="add-member"
    >
      {(complaint) => (
        <>
          <p className="dialog-lead" dir="auto">
            {group.name}
          </p>
          <BodyCombo
            name="body"
            label={t('groups:body')}
            hint={t('groups:addHint')}
            error={complaint('body')}
            exercise={group.exercise}
            without={members}
            value={body}
            onChange={setBody}
            testId="add-member-body"
          />
        </>
      )}
    </FormDialog>
  );
}

/** The own body is asked to belong to the group. */
export function Invitation({ group }: { group: GroupView }) {
  const { t } = useTranslation();
  const session = useSession();
  const changed = useGroupChanged(group.id);
  const { busy, error, run, retry } = useCommand();
  const [declining, setDeclining] = useState(false);

  const join = () =>
    run(async (by) => {
      await commands.joinGroup(group.id, by);
      changed();
      // The invitation goes away by it.
      document.getElementById('members')?.focus();
    });
  return (
    <section className="card" aria-labelledby="invitation" data-testid="invitation">
      <h2 id="invitation" tabIndex={-1}>
        {t('groups:invitation')}
      </h2>
      <p>
        {group.invitedBy
          ? t('groups:invitedBy', { name: group.invitedBy.name, group: group.name })
          : t('groups:invitedByAdministrator', { group: group.name })}
      </p>
      <p className="hint">{t('groups:invitationHint')}</p>
      <Trouble error={error} retry={retry} />
      {group.verbs.includes('join') && (
        <div className="actions">
          <button type="button" className="button button-primary" disabled={busy} onClick={join} data-testid="join">
            {t('groups:join')}
          </button>
          <button type="button" className="button" onClick={() => setDeclining(true)} data-testid="decline">
            {t('groups:decline')}
          </button>
        </div>
      )}
      {declining && session.body && <RemoveMember group={group} member={session.body} onClose={() => setDeclining(false)} />}
    </section>
  );
}

/** How a body goes: by itself or by the chair, as a member or before it has answered an invitation. */
function leaving(group: GroupView, member: BodyName, own: boolean) {
  const invited = group.invited.some((one) => one.id === member.id);
  if (invited) return own ? 'decline' : 'withdraw';
  return own ? 'leave' : 'remove-member';
}

const leavingWords = {
  decline: { title: 'groups:decline', action: 'groups:decline', question: 'groups:declineQuestion' },
  withdraw: { title: 'groups:withdraw', action: 'groups:withdrawAction', question: 'groups:withdrawQuestion' },
  leave: { title: 'groups:leave', action: 'groups:leave', question: 'groups:leaveQuestion' },
  'remove-member': { title: 'groups:removeMember', action: 'groups:removeAction', question: 'groups:removeQuestion' },
} as const;

/** A body goes: sent away by the chair, or by itself. */
export function RemoveMember({ group, member, onClose }: { group: GroupView; member: BodyName; onClose: () => void }) {
  const { t } = useTranslation();
  const session = useSession();
  const changed = useGroupChanged(group.id);
  const how = leaving(group, member, session.body?.id === member.id);
  const words = leavingWords[how];
  return (
    <FormDialog
      title={t(words.title)}
      action={t(words.action)}
      danger
      send={(by) => commands.removeMember(group.id, member.id, by)}
      onDone={() => {
        changed();
        onClose();
      }}
      onClose={onClose}
      focusThen="members"
      testId={how}
    >
      {() => <p>{t(words.question, { name: member.name, group: group.name })}</p>}
    </FormDialog>
  );
}

export function HandOver({ group, onClose }: { group: GroupView; onClose: () => void }) {
  const { t } = useTranslation();
  const changed = useGroupChanged(group.id);
  const [term, setTerm] = useState({ body: '', from: today(), to: addDays(today(), 365) });
  return (
    <FormDialog
      title={t('groups:appoint')}
      action={t('groups:appointAction')}
      lacks={Object.fromEntries(termLacks(term).map((field) => [field, t(`groups:lacks.${field}`)]))}
      send={(by) => commands.appointChair(group.id, termBody(term), by)}
      onDone={() => {
        changed();
        onClose();
      }}
      onClose={onClose}
      testId="hand-over"
    >
      {(complaint) => (
        <>
          <p className="hint">{t('groups:appointHint')}</p>
          <Field name="body" label={t('groups:member')} error={complaint('body')}>
            {(control) => (
              <select
                {...control}
                required
                value={term.body}
                data-testid="hand-over-body"
                onChange={(event) => setTerm({ ...term, body: event.target.value })}
              >
                <option value="">{t('words:choose')}</option>
                {group.members.map((member) => (
                  <option key={member.id} value={member.id}>
                    {member.name}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <div className="field-pair">
            <Field name="from" label={t('groups:fromLabel')} error={complaint('from')}>
              {(control) => (
                <input
                  {...control}
                  type="date"
                  required
                  value={term.from}
                  data-testid="hand-over-from"
                  onChange={(event) => setTerm({ ...term, from: event.target.value })}
                />
              )}
            </Field>
            <Field name="to" label={t('groups:untilLabel')} optional error={complaint('to')}>
              {(control) => (
                <input
                  {...control}
                  type="date"
                  min={term.from}
                  value={term.to}
                  data-testid="hand-over-to"
                  onChange={(event) => setTerm({ ...term, to: event.target.value })}
                />
              )}
            </Field>
          </div>
        </>
      )}
    </FormDialog>
  );
}

/** Forms a group, and shows it. A coordinator's body is a member and takes the chair. */
export function NewGroup({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const session = useSession();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [form, setForm] = useState<GroupForm>({ name: '', members: [], note: '' });
  const exercise = session.body?.exercise ?? false;
  const set = (part: Partial<GroupForm>) => setForm((before) => ({ ...before, ...part }));
  return (
    <FormDialog
      title={t('groups:new')}
      action={t('groups:form')}
      lacks={Object.fromEntries(groupLacks(form).map((field) => [field, t(`groups:lacks.${field}`)]))}
      send={(by) => commands.formGroup(groupBody(form, exercise), by)}
      onDone={(receipt) => {
        void client.invalidateQueries({ queryKey: ['groups'] });
        onClose();
        return navigate({ to: '/groups/$id', params: { id: receipt.id } });
      }}
      onClose={onClose}
      testId="new-group"
    >
      {(complaint) => (
        <>
          <p className="hint">{t('groups:newHint')}</p>
          <Field name="name" label={t('groups:name')} error={complaint('name')}>
            {(control) => (
              <input
                {...control}
                required
                maxLength={300}
                dir="auto"
                value={form.name}
                data-testid="new-group-name"
                onChange={(event) => set({ name: event.target.value })}
              />
            )}
          </Field>
          <BodiesCombo
            name="members"
            label={t('groups:otherMembers')}
            optional
            error={complaint('members')}
            exercise={exercise}
            without={session.body ? [session.body.id] : []}
            chosen={form.members}
            onChange={(members) => set({ members })}
            testId="new-group-members"
          />
          <Field name="note" label={t('groups:note')} hint={t('groups:noteHint')} optional error={complaint('note')}>
            {(control) => (
              <textarea
                {...control}
                rows={3}
                maxLength={2000}
                dir="auto"
                value={form.note}
                data-testid="new-group-note"
                onChange={(event) => set({ note: event.target.value })}
              />
            )}
          </Field>
        </>
      )}
    </FormDialog>
  );
}
