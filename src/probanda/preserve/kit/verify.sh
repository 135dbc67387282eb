#!/bin/sh
# Checks a bundle of a Probanda case with sha256sum, openssl (3.0 or later), find, sort, comm, sed, grep, cmp and tr;
# the log also with python3, where it is there. Writes nothing but a folder of its own in TMPDIR, which it takes away.
#
#   sh verify.sh [--key FINGERPRINT] [--ca FILE] [BUNDLE]
#
#   --key FINGERPRINT  of the case's key, as its owner gave it to you by ANOTHER way than this bundle (64 hex digits)
#   --ca FILE          certificates (PEM) of the time authorities, from their own pages and not from this bundle
#   BUNDLE             the folder with bagit.txt (default: the one that this script lies in)
#
# Every step says what it checks: "ok", "FAIL", or "note" for what nothing here can prove. A failure does not stop the
# rest. Exit code: 0 nothing failed, 1 something failed, 2 the script was called wrongly or a tool is missing.
# Whoever changes a bundle can change this script in it too: run a copy that you trust, or read it first.

LC_ALL=C
export LC_ALL
unset CDPATH OPENSSL_CONF
umask 077
key='' ca='' bundle=''
while [ $# -gt 0 ]; do
    case $1 in
        --key) key=${2-}; shift ;;
        --ca) ca=${2-}; shift ;;
        --help | -h) sed -n '2,/^$/s/^# \{0,1\}//p' "$0"; exit 0 ;;
        --) shift; bundle=${1-}; break ;;
        -*) printf 'expected --key, --ca or a folder, found %s; a folder whose name begins with a dash comes after --\n' "$1" >&2; exit 2 ;;
        *) bundle=$1 ;;
    esac
    [ $# -gt 0 ] && shift
done
[ -n "$bundle" ] || bundle=$(dirname -- "$0")/../..
case $ca in '' | /*) ;; *) ca=$PWD/$ca ;; esac
if [ -n "$ca" ] && [ ! -f "$ca" ]; then
    printf 'expected a file with certificates, found none: %s\n' "$ca" >&2
    exit 2
fi
for tool in sha256sum openssl find sort comm sed grep cmp tr dirname basename mkdir rm cat wc; do
    command -v "$tool" >/dev/null 2>&1 || { printf 'this needs the program %s, which is not here\n' "$tool" >&2; exit 2; }
done
cd -- "$bundle" || exit 2
tmp=${TMPDIR:-/tmp}/probanda-verify.$$
mkdir -- "$tmp" || exit 2
trap 'rm -rf -- "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

failed=0 noted=0
plain() { tr -c '\12\40-\176' '?'; }        # names and texts from the bundle must not steer the terminal
say() { printf '%s\n' "$*" | plain; }
ok() { say "ok    $*"; }
fail() { say "FAIL  $*"; failed=$((failed + 1)); }
note() { say "note  $*"; noted=$((noted + 1)); }
show() { sed -e 's/^/        /' -e 20q "$1" | plain; }   # the first lines of a file, indented

say '1. Only folders and ordinary files, with names that mean the same everywhere'
find . ! -type d ! -type f >"$tmp/odd"
find . -name '*
*' >"$tmp/newline"
if [ -s "$tmp/odd" ]; then
    fail 'there are links, pipes or devices, which could lead out of the bundle; nothing else is checked:'
    show "$tmp/odd"
    exit 1
fi
if [ -s "$tmp/newline" ]; then fail 'there are names with a line end in them:'; show "$tmp/newline"; fi
if [ ! -s "$tmp/newline" ]; then ok 'nothing but folders and files'; fi

say '2. The form of the bag (BagIt 1.0, SHA-256)'
printf 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n' >"$tmp/bagit"
if cmp -s "$tmp/bagit" bagit.txt; then ok 'bagit.txt names BagIt 1.0'; else fail 'bagit.txt is missing or says something else'; fi
for list in tagmanifest-sha256.txt manifest-sha256.txt; do
    : >"$tmp/names"
    if [ ! -f "$list" ]; then fail "$list is missing"; continue; fi
    # Else sha256sum could be told to read a path outside, or to read its own input, or a name in another spelling.
    if grep -v '^[0-9a-f]\{64\}  [A-Za-z0-9_.][^\\]*$' "$list" >"$tmp/bad" ||
        grep -e '  /' -e '/\.\./' -e '  \.\./' -e '/\./' -e '//' -e '  \./' "$list" >"$tmp/bad"; then
        fail "$list has lines that are no digest and plain path:"
        show "$tmp/bad"
    elif [ -n "$(sed 's/^[0-9a-f]*  //' "$list" | sort | uniq -d | sed 1q)" ]; then
        fail "$list names a file twice"
    else
        ok "$list has $(wc -l <"$list" | tr -d ' ') lines, each a SHA-256 and a path inside the bundle"
    fi
done

say '3. Every file has the SHA-256 that the manifests state'
for list in tagmanifest-sha256.txt manifest-sha256.txt; do
    if sha256sum -c "$list" >"$tmp/sums" 2>"$tmp/errors" </dev/null; then
        ok "$list: every digest is right"
    else
        fail "$list: these are missing or were changed:"
        grep -v ': OK$' "$tmp/sums" >"$tmp/bad"
        show "$tmp/bad"
        show "$tmp/errors"
    fi
done

say '4. No file too much and none missing'
inside() { # WHAT LIST FIND-ARGUMENTS: compares what is there with what the list names
    what=$1 list=$2
    shift 2
    find "$@" -type f -print | sed 's,^\./,,' | sort >"$tmp/there"
    sed 's/^[0-9a-f]*  //' "$list" 2>/dev/null | sort >"$tmp/named"
    comm -23 "$tmp/there" "$tmp/named" >"$tmp/extra"
    comm -13 "$tmp/there" "$tmp/named" >"$tmp/missing"
    if [ -s "$tmp/extra" ]; then fail "$what: not in $list:"; show "$tmp/extra"; fi
    if [ -s "$tmp/missing" ]; then fail "$what: named in $list, but not there:"; show "$tmp/missing"; fi
    if [ ! -s "$tmp/extra" ] && [ ! -s "$tmp/missing" ]; then ok "$what: exactly the files that $list names"; fi
}
inside 'data/' manifest-sha256.txt data
inside 'beside data/ and anchors/' tagmanifest-sha256.txt . -path ./data -prune -o -path ./anchors -prune -o ! -path ./tagmanifest-sha256.txt

say '5. Whose key it is'
mine=anchors/log.pub.pem
fingerprint() { openssl pkey -pubin -in "$1" -outform DER 2>/dev/null | sha256sum | cut -c1-64; }
if openssl pkey -pubin -in "$mine" -noout -text 2>/dev/null | grep -i '^ED25519' >/dev/null; then
    have=$(fingerprint "$mine")
    if [ -z "$key" ]; then
        note "the bundle was signed by the key $have. NO FINGERPRINT WAS GIVEN, so nothing shows whose key that is: ask its owner by another way (by telephone, in person) and run this again with --key"
    elif [ "$(printf '%s' "$key" | tr 'A-F' 'a-f' | tr -d ' :')" = "$have" ]; then
        ok "the key is the one that you were given: $have"
    else
        fail "the key is NOT the one that you were given: found $have, given $key"
    fi
else
    fail "$mine is missing or is no Ed25519 public key"
fi

say '6. Signatures'
signed() { openssl pkeyutl -verify -rawin -pubin -inkey "$1" -in "$2" -sigfile "$3" >/dev/null 2>&1 </dev/null; }
if signed "$mine" tagmanifest-sha256.txt anchors/tagmanifest.sig; then
    ok 'the key signed tagmanifest-sha256.txt, and through it every file of the bundle outside anchors/'
else
    fail 'anchors/tagmanifest.sig is no signature of that key over tagmanifest-sha256.txt'
fi
for checkpoint in data/checkpoints/*/checkpoint data/log/checkpoint; do
    [ -f "$checkpoint" ] || [ "$checkpoint" = data/log/checkpoint ] || continue
    if ! sed '/^$/,$d' "$checkpoint" 2>/dev/null | cmp -s - "$checkpoint.body"; then
        fail "$checkpoint.body is not the text of $checkpoint"
        continue
    fi
    size=$(sed -n 2p "$checkpoint.body" | tr -cd '0-9')
    if signed "$mine" "$checkpoint.body" "$checkpoint.sig"; then
        ok "the key signed $checkpoint, which is of $size entries"
        continue
    fi
    by=''
    for other in data/keys/*.pub.pem; do
        if [ "$checkpoint" != data/log/checkpoint ] && signed "$other" "$checkpoint.body" "$checkpoint.sig"; then by=$other; break; fi
    done
    if [ -n "$by" ]; then
        note "$checkpoint, of $size entries, was signed by an earlier key, $(fingerprint "$by"); the log has an entry 'key rotation' where it was replaced"
    else
        fail "$checkpoint.sig is no signature over $checkpoint.body by a key of this case"
    fi
done

say '7. Time: what existed no later than when'
stamps=0
stamped() { # TOKEN DATA NAME: an RFC 3161 token over a file, by the authority of that name
    [ -f "$1" ] || return 0
    stamps=$((stamps + 1))
    own=anchors/$3.pem
    when=$(openssl ts -reply -in "$1" -text 2>/dev/null | sed -n 's/^Time stamp: *//p' | sed 1q)
    set -- "$1" "$2" "$3" -data "$2" -in "$1"
    if [ -n "$ca" ]; then
        set -- "$@" -CAfile "$ca"
        if [ -f "$own" ]; then set -- "$@" -untrusted "$own"; fi
    elif [ -f "$own" ]; then
        set -- "$@" -CAfile "$own"
    else
        note "$1 ($when): no certificates of $3 are here; give them with --ca"
        return 0
    fi
    token=$1 data=$2
    shift 3
    then=$(date -u -d "$when" +%s 2>/dev/null)   # certificates expire: asked is whether they were good at that time
    if ! openssl ts -verify "$@" >"$tmp/ts" 2>&1 </dev/null &&
        { [ -z "$then" ] || ! openssl ts -verify -attime "$then" "$@" >"$tmp/ts" 2>&1 </dev/null; }; then
        fail "$token is no good time stamp over $data by the authorities of ${ca:-$own}:"
        show "$tmp/ts"
    elif [ -n "$ca" ]; then
        ok "$data existed at $when ($token, checked with the certificates that you gave)"
    else
        note "$data existed at $when, if the certificates in $own are genuine: they came with the bundle (give others with --ca)"
    fi
}
for token in anchors/tagmanifest.*.tsr; do
    name=${token#anchors/tagmanifest.}
    stamped "$token" tagmanifest-sha256.txt "${name%.tsr}"
done
for token in anchors/checkpoint.*.tsr; do
    name=${token#anchors/checkpoint.}
    stamped "$token" data/log/checkpoint "${name%.tsr}"
done
for token in data/checkpoints/*/*.tsr; do
    stamped "$token" "$(dirname -- "$token")/checkpoint" "$(basename -- "$token" .tsr)"
done
if [ "$stamps" = 0 ]; then note 'there is no time stamp: nothing here shows when any of this existed'; fi

say '8. The log: no gap, every entry names the one before it, the roots that were signed'
if command -v python3 >/dev/null 2>&1; then
    if python3 -I data/verify/verify_log.py data >"$tmp/log" 2>&1 </dev/null; then
        ok "$(cat "$tmp/log")"
    else
        fail 'the log does not hold:'
        show "$tmp/log"
    fi
else
    note 'python3 is not here, so the log was not checked against its checkpoint: run verify_log.py elsewhere'
fi

say ''
if [ "$failed" != 0 ]; then
    say "$failed checks FAILED; $noted notes. Keep this bundle as it is and ask who gave it to you for another copy."
    exit 1
fi
say "Nothing failed; $noted notes above say what this could not show."
exit 0
