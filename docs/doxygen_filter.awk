# The headers' comments are plain; doxygen wants to know which are documents,
# and which of their lines are code. The first comment of a file is about the
# file, one behind something about that, one on lines of its own about what
# follows. Lines that begin three blanks in, after an empty one or a colon, are
# code or a table.

# A specialization in a namespace that is not ours confuses it.
/std::hash</ { hidden = 1 }
hidden { if (/^};/) hidden = 0; print ""; next }

FNR == 1 { print "/// @file"; first = 1 }
first && !/^\/\// { first = 0; leave(); print "" }

# Goes on behind the same thing as in the line above.
behind && /^ *\/\/ / { sub(/\/\/ /, "///< "); print; next }
{ behind = 0 }

/^ *\/\/( |$)/ {
  sub(/\/\//, "///")
  text = $0
  sub(/^ *\/\/\//, "", text)
  if (text ~ /^   /) {
    if (!code && begins) enter()
  } else if (text !~ /^ *$/) {
    leave()
  }
  begins = text ~ /^ *$/ || text ~ /:$/
  print
  next
}
{ leave(); begins = 0 }
/[^ \/].*[;,{}]  *\/\/ / { sub(/\/\/ /, "///< "); behind = 1 }
{ print }

function enter() { code = 1; print "/// ~~~{.cpp}" }
function leave() { if (code) print "/// ~~~"; code = 0 }
