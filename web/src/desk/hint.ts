const name = (account: string): string => `coordination.hint.${account}`;

/** Whether this account has put the first hint away on this device. */
export const hintSeen = (account: string): boolean => localStorage.getItem(name(account)) !== null;
export const putHintAway = (account: string): void => localStorage.setItem(name(account), 'away');
