-- Which of some owners have no lease in any incarnation. KEYS: epoch. ARGV: names.
local gone = {}
for i = 3, #ARGV do
  if not alive(ARGV[i]) then
    gone[#gone + 1] = ARGV[i]
  end
end
return answerWith(gone, 'OK')
