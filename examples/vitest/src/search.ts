export interface Product {
  readonly title: string;
  readonly tags: readonly string[];
}

/** Products whose title or tags contain every word of the query, best match first. */
export function search(products: readonly Product[], query: string): readonly Product[] {
  const words = query.toLowerCase().split(' ').filter(Boolean);
  const score = (product: Product) => {
    const title = product.title.toLowerCase();
    return words.reduce(
      (sum, word) => sum + (title.includes(word) ? 2 : product.tags.includes(word) ? 1 : -99),
      0,
    );
  };
  return products.filter((product) => score(product) > 0).sort((a, b) => score(b) - score(a));
}
