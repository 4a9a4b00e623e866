/** The id by which GraphQL would know a thing of REST. */
export function graphqlId(kind: 'Agent' | 'Build' | 'Job', id: string): string {
  return Buffer.from(`${kind}---${id}`).toString('base64');
}
