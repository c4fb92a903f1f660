"""REST v1 (SQ-155..SQ-159, CD-135): the same verbs as the pages, over HTTP with JSON."""
