/** Whoever acts on a simulator. */
export const person = {
  id: '00000000-0000-4000-8000-000000000001',
  graphql_id: 'VXNlci0tLXNpbXVsYXRvcg==',
  name: 'Simulator',
  email: 'simulator@example.com',
  avatar_url: 'https://www.gravatar.com/avatar/00000000000000000000000000000000',
  created_at: '2026-01-01T00:00:00.000Z',
};
