# dockerd.sh FOLDER: runs a dockerd of one's own on FOLDER/socket until its stdin ends, be it because
# whoever started it was killed; then nothing of it is left, and no FOLDER.
#
# In a namespace of its own, all that it starts ends with it, and all that it mounts. What it writes
# beside FOLDER lands there. It says on stderr what it does.
set -u
folder=$1
name=$(basename "$folder")

# shellcheck disable=SC2016
unshare --mount --pid --fork --mount-proc --kill-child sh -c '
    for changed in etc opt run; do
        mkdir -p "$1/$changed/is" "$1/$changed/work"
        mount -t overlay -o "lowerdir=/$changed,upperdir=$1/$changed/is,workdir=$1/$changed/work" \
            none "/$changed" || exit
    done
    dockerd --log-level=warn --storage-driver=overlay2 --iptables=false --ip6tables=false --bridge=none \
        --exec-opt native.cgroupdriver=cgroupfs --cgroup-parent="$2" \
        --data-root="$1/data" --exec-root="$1/exec" --pidfile="$1/pid" -H "unix://$1/socket" &
    daemon=$!
    # What runs in the background is given no stdin unless it is named.
    { cat >/dev/null; kill -KILL "$daemon"; } <&3 &
    wait "$daemon"
' dockerd "$folder" "$name" 3<&0

find /sys/fs/cgroup -depth -type d -path "*/$name*" -exec rmdir {} +
rm -rf "$folder"
