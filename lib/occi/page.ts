/** Pages of a collection (GFD.223 §6). */

/** A part of a listing: the 1-based `page` of those of `number` items. */
export interface Page {
  readonly page: number;
  readonly number: number;
}

/** The page that a request asks for. */
export interface Paging extends Page {
  /** Its own link goes on where it ends. */
  readonly shorter?: true;
}

/** Where a page begins, counted from 0. */
export const offsetOf = ({ page, number }: Page): number => (page - 1) * number;

/** The page behind one. */
export const pageAfter = ({ page, number }: Page): Page => ({ page: page + 1, number });
