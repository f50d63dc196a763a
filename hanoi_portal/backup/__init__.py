"""A backup: database and attachments of one moment in one encrypted file, and the way back.

``sealed`` is the encryption, ``parts`` what lies inside it, ``dump`` and ``load`` the two
directions, ``key`` where the key comes from. No client program of PostgreSQL is needed.
"""
