-- A sweep begins; should it not end, another one is due. KEYS: epoch, due.
due(KEYS[2], 'sweep', now + 2 * lease)
return answer('OK')
