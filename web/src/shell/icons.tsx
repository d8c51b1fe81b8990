const icon = (path: string) => (
  <svg
    className="icon"
    width="20"
    height="20"
    viewBox="0 0 20 20"
    aria-hidden="true"
    fill="none"
    stroke="currentColor"
    strokeWidth="1.6"
    strokeLinecap="round"
    strokeLinejoin="round"
  >
    <path d={path} />
  </svg>
);

export const icons = {
  brand: (
    <svg width="28" height="28" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" className="brand-ground" />
      <path d="M9 21 16 10l7 11z" fill="none" stroke="#fff" strokeWidth="2.2" />
      <g fill="#fff">
        <circle cx="16" cy="9.5" r="3.4" />
        <circle cx="8.5" cy="21.5" r="3.4" />
        <circle cx="23.5" cy="21.5" r="3.4" />
      </g>
    </svg>
  ),
  desk: icon('M3 10.5 10 4l7 6.5M5 9v7h10V9M8.5 16v-4h3v4'),
  world: icon(
    'M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zM2.5 10h15M10 2.5c2.4 2.2 3.2 4.8 3.2 7.5s-.8 5.3-3.2 7.5C7.600 15.300 6.800 12.700 6.800 10S7.600 4.700 10 2.500z',
  ),
  plans: icon('M4 4.500h12M4 10h8M4 15.500h10M16 8.500l-1.500 1.500 1.500 1.500'),
  requests: icon('M3 5h14v9H9l-3.500 3V14H3z'),
  groups: icon(
    'M7 9.500a2.600 2.600 0 1 0 0-5.200 2.600 2.600 0 0 0 0 5.200zM2.500 16c0-2.600 2-4.200 4.500-4.200s4.500 1.600 4.500 4.200M13.200 9a2.200 2.200 0 1 0 0-4.400M14 11.900c2 .2 3.500 1.700 3.500 4.100',
  ),
  feed: icon('M4 4.500a11.500 11.500 0 0 1 11.500 11.500M4 9.500a6.500 6.500 0 0 1 6.500 6.500M4.800 15.300h.01'),
  regions: icon('M3 3h6v6H3zM11 3h6v6h-6zM3 11h6v6H3zM11 11h6v6h-6z'),
  more: icon('M4.500 10h.01M10 10h.01M15.500 10h.01'),
  search: icon('M9 3.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11zM13 13l4 4'),
  language: icon('M3 5h8M7 3v2M9.500 5c-.5 3-3 5.500-6 6.500M5 8c1 1.800 3 3.200 5 3.800M10.500 17l3.200-8 3.300 8M11.600 14.300h4.300'),
  person: icon('M10 10a3.300 3.300 0 1 0 0-6.600A3.300 3.300 0 0 0 10 10zM3.800 17c.4-3.200 3-5 6.200-5s5.800 1.800 6.200 5'),
};
