/** The main places, in the order in which they stand, with their key after `g`. */
export const places = [
  { to: '/', word: 'desk', key: 'd' },
  { to: '/world', word: 'world', key: 'w' },
  { to: '/plans', word: 'plans', key: 'p' },
  { to: '/requests', word: 'requests', key: 'r' },
  { to: '/groups', word: 'groups', key: 'm' },
  { to: '/feed', word: 'feed', key: 'f' },
  { to: '/regions', word: 'regions', key: 'a' },
] as const;
