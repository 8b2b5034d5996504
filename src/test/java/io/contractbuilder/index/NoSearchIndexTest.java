package io.contractbuilder.index;

class NoSearchIndexTest extends SearchIndexConformance {
  @Override
  protected SearchIndex index() {
    return SearchIndex.NONE;
  }
}
