import i18next from 'i18next';
import { initReactI18next, useTranslation as useWords } from 'react-i18next';
import { direction } from './locale';
import { addFormats } from './sentences';

/** Languages with a complete catalogue, each by its own name. */
export const languages = { en: 'English', ar: 'العربية' } as const;
export type Language = keyof typeof languages;

const isLanguage = (text: string): text is Language => text in languages;

const remembered = 'coordination.language';

const files: Record<Language, () => Promise<{ default: Record<string, Record<string, unknown>> }>> = {
  en: () => import('./locales/en'),
  ar: () => import('./locales/ar'),
};

const namespaceOf = (path: string): string => path.split('/').at(-1)?.replace('.json', '') ?? '';

async function catalogue(language: Language): Promise<Record<string, Record<string, unknown>>> {
  const loaded = await files[language]();
  return Object.fromEntries(Object.entries(loaded.default).map(([path, words]) => [namespaceOf(path), words]));
}

function preferred(): Language {
  const stored = localStorage.getItem(remembered);
  if (stored && isLanguage(stored)) return stored;
  for (const wanted of navigator.languages) {
    const language = wanted.split('-')[0] ?? '';
    if (isLanguage(language)) return language;
  }
  return 'en';
}

function show(language: Language): void {
  document.documentElement.lang = language;
  document.documentElement.dir = direction(language);
}

async function load(language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, 'words')) return;
  for (const [namespace, words] of Object.entries(await catalogue(language))) i18next.addResourceBundle(language, namespace, words);
}

export async function startI18n(language: Language = preferred()): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    resources: { [language]: await catalogue(language) },
    defaultNS: 'words',
    // React writes text as text; escaping it here as well would show the escapes.
    interpolation: { escapeValue: false },
    returnNull: false,
    react: { useSuspense: false },
  });
  addFormats();
  if (language !== 'en') await load('en');
  show(language);
}

export async function changeLanguage(language: Language): Promise<void> {
  await load(language);
  localStorage.setItem(remembered, language);
  await i18next.changeLanguage(language);
  show(language);
}

/** Calls back whenever the language has changed, until the signal ends it. */
export function onLanguageChange(listener: () => void, signal: AbortSignal): void {
  i18next.on('languageChanged', listener);
  signal.addEventListener('abort', () => i18next.off('languageChanged', listener));
}

/** The language that the dashboard speaks now. A view asks `useLocale`, which follows a change. */
export const currentLanguage = (): Language => (isLanguage(i18next.language) ? i18next.language : 'en');

export function useLocale(): Language {
  const { i18n } = useTranslation();
  return isLanguage(i18n.language) ? i18n.language : 'en';
}

const namespaces = [
  'words',
  'account',
  'accounts',
  'bodies',
  'desk',
  'explained',
  'feed',
  'groups',
  'milestones',
  'plans',
  'problems',
  'regions',
  'requests',
  'security',
  'session',
  'shell',
  'world',
] as const;

/** The words of every page: `t('plans:title')`. A catalogue is loaded whole, so nothing here waits. */
export const useTranslation = () => useWords(namespaces);
export type Words = ReturnType<typeof useTranslation>['t'];
