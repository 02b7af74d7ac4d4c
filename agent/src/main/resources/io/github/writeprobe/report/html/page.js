'use strict';
(() => {
    const QUIET = 25000;
    const find = (selector) => document.querySelector(selector);
    const all = (selector, root = document) => [...root.querySelectorAll(selector)];
    const texts = new WeakMap();

    // Filter and sort. The server makes the table; this code only hides and moves its rows.

    const textOf = (row) => {
        if (!texts.has(row)) {
            const group = row.parentElement.querySelector('.grouphead').textContent;
            texts.set(row, (row.textContent + ' ' + group).toLowerCase());
        }
        return texts.get(row);
    };

    function filter() {
        const words = find('#filter').value.toLowerCase().split(/\s+/).filter(Boolean);
        const verdicts = new Set(all('input[name=verdict]:checked').map((box) => box.value));
        const shown = new Set();
        const rows = all('.matrix .row');
        for (const row of rows) {
            const text = textOf(row);
            row.hidden = !verdicts.has(row.dataset.verdict) || !words.every((w) => text.includes(w));
            if (!row.hidden) {
                shown.add(row.dataset.c);
            }
        }
        for (const part of all('.finds, #doubts li, details.evidence')) {
            part.hidden = !shown.has(part.dataset.c);
        }
        for (const group of all('.matrix tbody')) {
            group.hidden = !group.querySelector('.row:not([hidden])');
        }
        for (const group of all('#findings .group')) {
            group.hidden = !group.querySelector('.finds:not([hidden])');
        }
        find('#count').textContent =
            shown.size === rows.length ? '' : shown.size + ' of ' + rows.length + ' containers';
    }

    const KEYS = {
        name: (row) => row.querySelector('.name bdi').textContent,
        image: (row) => row.querySelector('.name small').textContent,
        probed: (row) => {
            const time = document.getElementById(row.dataset.c)?.querySelector('summary time');
            return time ? time.dateTime : '';
        },
    };
    let order = new Map();

    function remember() {
        order = new Map(all('.matrix .row').map((row, i) => [row.dataset.c, i]));
    }

    function sort() {
        const by = find('#sort').value;
        const key = KEYS[by];
        const compare = key
            ? (a, b) => key(a).localeCompare(key(b), 'en', { numeric: true })
            : (a, b) => order.get(a.dataset.c) - order.get(b.dataset.c);
        for (const body of all('.matrix tbody')) {
            const rows = all('.row', body);
            const sorted = [...rows].sort(compare);
            if (rows.some((row, i) => row !== sorted[i])) {
                body.append(...sorted);
            }
        }
    }

    // A link to a container's evidence opens it.

    function reveal() {
        all('.hit').forEach((row) => row.classList.remove('hit'));
        const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
        const evidence = target?.closest('details.evidence');
        if (evidence) {
            evidence.hidden = false;
            evidence.open = true;
            target.scrollIntoView({ block: target === evidence ? 'start' : 'center' });
            if (target === evidence) {
                evidence.querySelector('summary').focus({ preventScroll: true });
            } else {
                target.classList.add('hit');
            }
        }
    }

    function keyboard(event) {
        const typing = event.target.closest('input, select, textarea');
        if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
            event.preventDefault();
            find('#filter').focus();
        } else if (event.key === 'Escape' && event.target.id === 'filter') {
            event.target.value = '';
            filter();
        }
    }

    // Updates. `sent` has each part of the page as the server sent it last. Only parts that have
    // changed are replaced, so whatever is open, focused or scrolled elsewhere stays.

    const sent = new Map();

    const pathOf = (part) => {
        const above = part.parentElement.closest('[data-key]');
        return (above ? pathOf(above) + '\n' : '') + part.dataset.key;
    };

    const note = (root) =>
        all('[data-key]:not([data-list])', root).forEach((part) => sent.set(pathOf(part), part.outerHTML));

    function exchange(old, fresh) {
        const focused = old.contains(document.activeElement) ? document.activeElement : null;
        const address = focused?.closest('[id]')?.id;
        const replacement = document.importNode(fresh, true);
        if (old.open) {
            replacement.open = true;
        }
        replacement.hidden = old.hidden && old.id !== 'doubts';
        replacement.classList.add('news');
        old.replaceWith(replacement);
        if (focused) {
            const place = (address && document.getElementById(address)) || replacement;
            (place.querySelector('a, summary, [tabindex]') || place).focus({ preventScroll: true });
        }
        return replacement;
    }

    function merge(old, fresh, changed) {
        const mine = new Map([...old.children].filter((c) => c.dataset.key).map((c) => [c.dataset.key, c]));
        let last = null;
        for (const child of [...fresh.children].filter((c) => c.dataset.key)) {
            let now = mine.get(child.dataset.key);
            mine.delete(child.dataset.key);
            if (!now) {
                now = document.importNode(child, true);
                changed.push(now);
                if (last) {
                    last.after(now);
                } else {
                    old.prepend(now);
                }
            } else if ('list' in child.dataset) {
                merge(now, child, changed);
            } else if (child.id !== 'tools' && sent.get(pathOf(child)) !== child.outerHTML) {
                now = exchange(now, child);
                changed.push(now);
            }
            if (last && last.nextElementSibling !== now && !now.classList.contains('row')) {
                last.after(now);
            }
            last = now;
        }
        mine.forEach((gone) => gone.remove());
    }

    function tell(changed) {
        const rows = changed.filter((part) => part.matches('.row'));
        const named = rows
            .filter((row) => before.get(row.dataset.c) !== row.dataset.verdict)
            .map((row) => row.querySelector('.name bdi').textContent + ' is ' + row.dataset.verdict);
        if (named.length > 0) {
            find('#news').textContent =
                named.slice(0, 3).join(', ') + (named.length > 3 ? ' and ' + (named.length - 3) + ' more' : '');
        }
    }

    let before = new Map();
    let etag = '';

    function take(text) {
        const fresh = new DOMParser().parseFromString(text, 'text/html');
        before = new Map(all('.matrix .row').map((row) => [row.dataset.c, row.dataset.verdict]));
        const changed = [];
        merge(find('main'), fresh.querySelector('main'), changed);
        order = new Map(all('.matrix .row', fresh).map((row, i) => [row.dataset.c, i]));
        sent.clear();
        note(fresh.querySelector('main'));
        document.title = fresh.title;
        document.documentElement.dataset.generation = fresh.documentElement.dataset.generation;
        sort();
        filter();
        tell(changed);
    }

    let received = Date.now();
    let busy = false;
    let wanted = '';

    async function refresh() {
        if (busy) {
            return;
        }
        busy = true;
        try {
            while (wanted !== document.documentElement.dataset.generation) {
                const asked = wanted;
                const began = performance.now();
                const answer = await fetch('/', { cache: 'no-store', headers: etag ? { 'If-None-Match': etag } : {} });
                if (answer.status === 200) {
                    etag = answer.headers.get('ETag') || '';
                    take(await answer.text());
                } else if (answer.status !== 304) {
                    throw new Error('status ' + answer.status);
                }
                show(true);
                // An update of thousands of rows takes time. Use at most a fifth of the browser's.
                await new Promise((rested) => setTimeout(rested, 4 * (performance.now() - began)));
                if (asked === wanted) {
                    break;
                }
            }
        } catch {
            show(false);
        } finally {
            busy = false;
        }
    }

    const clock = (at) => new Date(at).toISOString().slice(0, 19) + 'Z';

    function show(live) {
        const line = find('#live');
        const state = live ? 'live' : 'lost';
        find('#live-text').textContent = live
            ? 'Live, as of ' + clock(received)
            : 'Not live since ' + clock(received) + '; reconnecting to the agent';
        if (line.dataset.state !== state) {
            if (line.dataset.state !== 'still') {
                find('#news').textContent = live ? 'Live again' : 'Not live: connection to the agent lost';
            }
            line.dataset.state = state;
            document.documentElement.classList.toggle('lost', !live);
        }
    }

    function follow() {
        const events = new EventSource('/api/v1/events');
        const hear = () => {
            received = Date.now();
        };
        events.addEventListener('state', (event) => {
            hear();
            wanted = event.data;
            if (wanted === document.documentElement.dataset.generation) {
                show(true);
            } else {
                refresh();
            }
        });
        events.addEventListener('alive', () => {
            hear();
            if (!busy) {
                show(true);
            }
        });
        events.addEventListener('error', () => {
            show(false);
            if (events.readyState === EventSource.CLOSED) {
                setTimeout(follow, 5000);
            }
        });
    }

    find('#tools').hidden = false;
    note(find('main'));
    remember();
    find('#tools').addEventListener('submit', (event) => event.preventDefault());
    find('#tools').addEventListener('input', filter);
    find('#sort').addEventListener('change', sort);
    document.addEventListener('keydown', keyboard);
    window.addEventListener('hashchange', reveal);
    reveal();
    if (find('#live')) {
        follow();
        setInterval(() => {
            if (Date.now() - received > QUIET) {
                show(false);
            }
        }, 1000);
    }
})();
